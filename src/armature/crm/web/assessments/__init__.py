"""The pages of assessments: beginning one, its report on paper and screen, who waits, what it proposes."""
