"""What is asked of the pages of the built book (test_visits.py says of which, and how each is opened).

A question is a function of an open page and its name. It returns nothing, and fails where the answer is wrong.
"""
