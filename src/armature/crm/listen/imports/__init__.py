"""The past, brought in from files: what was said before we listened, and people with what they bought.

`kinds` tells what a file is, `tables` `sheets` `objects` `mails` `tickets` `cards` read it record by record, `mapping`
guesses what its columns mean, `values` reads a cell, `said` makes envelopes of records, `work` goes through a file in
chunks with a lease, `commands` is what people do with it, `faults` writes the file of what is to be mended.
"""
