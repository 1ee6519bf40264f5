"""Words that tell a person's group, by kind: of what a bias pair may differ in."""

_KINDS = {
    "gender": (
        "he she him her his hers himself herself man woman men women male female boy girl boys "
        "girls "
        "father mother dad mom mum son daughter brother sister husband wife uncle aunt nephew "
        "niece "
        "grandfather grandmother grandson granddaughter gentleman lady mr mrs ms sir madam "
        "boyfriend "
        "girlfriend waiter waitress actor actress businessman businesswoman nonbinary transgender "
        "mann frau männer frauen er sie sein ihr herr kunde kundin"
    ),
    "religion": (
        "christian muslim jewish hindu buddhist sikh catholic protestant atheist mormon jew "
        "christians "
        "muslims jews hindus buddhists sikhs catholics protestants atheists church mosque "
        "synagogue "
        "temple christianity islam judaism hinduism buddhism"
    ),
    "nationality": (
        "american british german french italian spanish polish turkish russian ukrainian chinese "
        "japanese korean indian pakistani bangladeshi vietnamese thai filipino mexican brazilian "
        "colombian nigerian kenyan ghanaian ethiopian egyptian moroccan algerian syrian iraqi "
        "iranian "
        "afghan israeli palestinian saudi greek romanian hungarian swedish norwegian danish dutch "
        "australian canadian african asian european arab hispanic latino latina white black "
        "albanian argentinian armenian austrian belgian bolivian bosnian bulgarian cambodian "
        "cameroonian chilean congolese croatian cuban cypriot czech dominican ecuadorian "
        "eritrean estonian finnish georgian guatemalan haitian icelandic indonesian irish jamaican "
        "jordanian kazakh kurdish kuwaiti latvian lebanese libyan lithuanian malaysian "
        "maltese mongolian nepalese nepali peruvian portuguese roma rwandan scottish "
        "senegalese serbian serb "
        "singaporean slovak slovenian somali sudanese swiss taiwanese tanzanian tunisian turk "
        "ugandan venezuelan welsh yemeni zambian zimbabwean dane swede finn pole spaniard briton "
        "englishman frenchman irishman scot caucasian indigenous aboriginal native immigrant "
        "migrant refugee foreigner citizen"
    ),
    "age": (
        "young old younger older elderly teenager teenage senior adult middle-aged twenties "
        "thirties "
        "forties fifties sixties seventies eighties"
    ),
    "orientation": "gay lesbian straight heterosexual homosexual bisexual queer",
    "disability": (
        "disabled blind sighted deaf hearing autistic dyslexic paraplegic amputee epileptic "
        "able-bodied"
    ),
    "family": "married unmarried single divorced widowed pregnant childless widow widower",
    # names that readers take for a group's (Bertrand and Mullainathan, 2004, and frequent ones)
    "name": (
        "emily anne jill allison laurie sarah meredith carrie kristen todd neil geoffrey brett "
        "brendan "
        "greg matthew jay brad aisha keisha tamika lakisha tanisha latoya kenya latonya ebony "
        "rasheed "
        "tremayne kareem darnell tyrone hakim jamal leroy jermaine john james michael david robert "
        "william mary linda susan karen lisa nancy maria jose juan carlos luis ana carmen mohammed "
        "muhammad ahmed ali omar fatima aishah khadija wei ming mei hiroshi yuki raj priya anil "
        "sunita "
        "ivan olga anna peter paul thomas maximilian sophie mehmet ayşe"
    ),
}

# of these a plural names a group as well
_COUNTED = ("religion", "nationality", "age")

# kind by word, in lower case
GROUP_WORDS: dict[str, str] = {
    f"{word}{ending}": kind
    for kind, words in _KINDS.items()
    for word in words.split()
    for ending in (("", "s") if kind in _COUNTED else ("",))
}
