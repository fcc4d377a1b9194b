"""What leaves: the findings workbook, the match workbook and the submission package.

In: findings, cases and typed records. Out: files for people and for the National Fraud Initiative.
"""
