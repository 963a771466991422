"""Surveys: what is asked, in which words, by which links, and what each answer gave. The words of an answer are an
interaction like any other; its figures stand here beside it.
"""
