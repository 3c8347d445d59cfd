"""The model province: the product with invented people in it, who do through its own operations what people do.

``province`` raises agencies, accounts and certificates; ``people`` invents citizens and what they want to build; ``papers``
draws what they hand in; ``story`` says how a dossier fares; ``play`` lets all of it happen in the order of time.
"""
