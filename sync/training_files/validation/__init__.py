"""Files of fine-tuning examples, ours or anybody's, against every rule of their readers.

Files come in; problems by line, numbers of tokens and a cost come out. No text of an example does.
Open first: `validate`.
"""
