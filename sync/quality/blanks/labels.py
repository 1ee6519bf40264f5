"""Words that a blank is labelled with, as in `[Customer Name]` or `{{amount}}`, in many languages.

A label is a verb of filling in ("insert date"), or a few words that end with a thing that differs
from answer to answer ("name", "amount due"), or that begin with one ("name of the customer").
"""

import re

# what differs from answer to answer
_THINGS_SAID = """
    name forename surname firstname lastname fullname username nickname initials signature
    date datetime time day month year weekday deadline yyyy timeframe hours birthdate dob
    address street city town state country county province zip zipcode postcode region location venue place
    email e-mail mail phone telephone mobile fax number no nr num id code extension
    amount sum total price cost fee rate percentage percent balance quantity qty value figure
    discount premium salary currency interest
    company organization organisation employer firm business brand agency department bank
    branch hospital clinic insurer provider school university institution vendor supplier
    title position role job client customer patient recipient sender agent manager representative
    attorney lawyer judge court plaintiff defendant doctor physician advisor adviser specialist
    link url website site domain hyperlink product item order invoice account policy plan version
    reference ref tracking ticket serial dose dosage strength drug medication medicine diagnosis
    condition symptom procedure disease allergy statute jurisdiction topic subject reason
    explanation example source citation author detail details info information description
    placeholder answer response text content summary duration period frequency term unit
    logo image photo screenshot attachment file event project service feature issue problem
    line age gender sex weight height count link tbd tba tbc todo fixme tk wip x xx xxx xxxx blank missing unknown variable
    anzahl vorname nachname familienname datum uhrzeit betrag anschrift adresse straße ort plz stadt land
    telefon telefonnummer rufnummer nummer kundennummer rechnungsnummer firma firmenname
    unternehmen preis summe gebühr prozentsatz dosis medikament unterschrift quelle kunde kundin
    kundenname anrede betreff grund titel frist menge produkt produktname arzt patientin webseite
    nom prénom prénoms montant adresse numéro téléphone société entreprise ville lien prix dose
    client cliente objet motif durée signature courriel produit
    nombre apellido apellidos fecha importe monto cantidad dirección número teléfono empresa
    compañía ciudad enlace fuente precio dosis firma producto motivo correo asunto hora
    nome cognome data importo indirizzo numero telefono azienda città collegamento prezzo prodotto
    valor endereço telefone cidade preço assinatura quantia
    naam voornaam achternaam bedrag adres telefoonnummer bedrijf bedrijfsnaam plaats prijs klant
    imię nazwisko kwota numer firma miasto cena podpis data namn belopp adress telefonnummer
    navn beløb dato telefonnummer nimi päivämäärä summa
    имя фамилия дата сумма адрес номер телефон компания город цена ссылка подпись
    姓名 名字 日期 金额 地址 电话 电话号码 公司 公司名 公司名称 客户姓名 客户名称 联系方式 链接 数字 编号
    氏名 お名前 名前 日付 金額 住所 電話番号 会社名 社名 担当者名 部署名 商品名 番号
    이름 성명 날짜 금액 주소 전화번호 회사명 고객명 번호 الاسم التاريخ المبلغ العنوان الرقم
"""
_THINGS = frozenset(_THINGS_SAID.split())
# what is a word of the text just as well, unless something says whose it is or it is in capitals
_WORDS_TOO_SAID = """
    no x term unit value figure text image photo file version rate total state example answer line
    response content summary information reason issue problem interest unknown missing blank sex
    variable condition disease symptom procedure subject period role plan order item event service
    feature account policy drug patient client plaintiff defendant court judge place detail
    """
_WORDS_TOO = frozenset(_WORDS_TOO_SAID.split())
_WHOSE_SAID = """
    your customer customer's client client's patient patient's user user's recipient agent company
    insert first last full contact support relevant specific appropriate exact actual current
    applicable correct new drug product trade brand generic order account invoice start end due
    effective expiry birth phone court case ihr ihre dein deine votre vos su sus tu il la el vostro
    uw jouw twoje ваше seu sua
    """
_WHOSE = frozenset(_WHOSE_SAID.split())
_OF_SAID = "of des der du de del della dell da do van von der's для"
_OF = frozenset(_OF_SAID.split())
# what no label begins with
_NEVER_FIRST_SAID = """
    the this that these those see in from to same no not any all each some both emphasis sic citing
    quoting internal hereinafter and or but with without at by on if is are was were for as what
    pdf html free full-text
    """
_NEVER_FIRST = frozenset(_NEVER_FIRST_SAID.split())
_VERB = re.compile(
    r"(?:please )?(?:insert|enter|add|fill|put|type|write|specify|replace|include|provide|describe|"
    r"select|choose|look up|check|confirm|verify|attach|(?:state|name|list|mention|give|ask)(?= (?:the|"
    r"your|an?|for)\b))\b(?! to\b)(?: .{2,80})?"
    r"|(?:to be|needs to be|must be|will be) (?:added|announced|completed|confirmed|decided|defined|"
    r"determined|filled(?: in| out)?|inserted|provided|supplied|updated|verified|written)(?: .{1,40})?"
    r"|(?:.{2,40} )?(?:here|goes here|to follow|to come|pending|needed|missing)"
    r"|(?:link|url|links) (?:to|for|zu|zur|zum|vers|a) .{2,60}|needs? .{2,60}|rest of .{2,60}|"
    r"(?:cite|source|cites|unverified|verify|blank|insert|check|dose)|ask \w+|(?:DD|MM|YYYY|YY|HH|SS|TT|JJJJ)"
    r"(?:[./: -](?:DD|MM|YYYY|YY|HH|SS|TT|JJJJ|Month|Day|Year)){1,3}"
    r"|(?:tbd|tba|tbc|todo|fixme|placeholder|xxx|note to self|tk)\b(?:[ :,–—-].{0,80})?"
    r"|your [\w'’ /-]{2,40}|(?:source|link|date|amount|check|ref|number|name|cite|citation)\?+"
    r"|(?:.{2,60} )?(?:einfügen|eintragen|einsetzen|ergänzen|angeben|nachtragen|ausfüllen|prüfen|invullen|"
    r"invoegen|toevoegen|aanvullen|hier)"
    r"|(?:bitte|noch) .{2,60}|(?:ihr|ihre|ihren|dein|deine|votre|su|tu|il tuo|la tua) [\w'’ -]{2,40}"
    r"|(?:à|a) (?:compléter|préciser|confirmer|définir|remplir|insérer|venir)(?: .{0,40})?"
    r"|(?:insérer|indiquer|préciser|compléter|ajouter|remplir|insertar|indicar|rellenar|completar|"
    r"añadir|poner|especificar|inserire|inserisci|completare|aggiungere|inserir|preencher|adicionar|"
    r"wstaw|wpisz|uzupełnij|lägg till|fyll i|indsæt|lisää|вставьте|вставить|укажите|указать|впишите|"
    r"заполнить)(?: .{1,60})?"
    r"|(?:por|para) (?:completar|confirmar|definir|determinar|rellenar)|da (?:completare|definire|"
    r"inserire|confermare)|nog in te vullen|do uzupełnienia"
    r"|(?:请|請)?(?:插入|填写|填寫|输入|輸入|请填|补充|補充).{0,40}|.{1,20}(?:を入力|を記入|を挿入|を入れる)"
    r"|ここに.{0,40}|.{0,20}(?:待补充|待填写|待定|待补|未定|입력|기입)|(?:أدخل|اكتب|ضع).{1,40}",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Za-z])(?=\d)")
_SEPARATORS = re.compile(r"[\s_\-./:]+")
_MOST_WORDS, _LONGEST = 6, 90


def labels_a_blank(label: str) -> bool:
    """Whether what stands between brackets is the name of what belongs there.

    Args:
        label: without its brackets, as "Customer Name", "first_name", "order.id", "insert dose".
    """
    label = label.strip(" \t*_.…:#")
    if not label or len(label) > _LONGEST:
        return False
    return _VERB.fullmatch(label) is not None or names_a_thing(label)


def names_a_thing(label: str, surely: bool = True) -> bool:
    """Whether a label names a thing that differs from answer to answer; of a program's, too.

    Args:
        surely: whether a word that texts hold anyway, such as "answer", needs more to be a label.
    """
    spaced = _SEPARATORS.sub(" ", _CAMEL.sub(" ", label)).strip()
    words = [word.replace("’", "'") for word in spaced.lower().split()]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    if not label[:1].isalnum() or not 1 <= len(words) <= _MOST_WORDS or words[0] in _NEVER_FIRST:
        return False
    if words[0] in _THINGS and len(words) > 2 and words[1] in _OF:
        return True
    last = _thing(words[-1])
    if last is None or not all(word.strip("'&/,").isalpha() for word in words[:-1]):
        return False
    if not surely or last not in _WORDS_TOO or label.isupper() or spaced != label:
        return True
    return len(words) > 1 and (words[0] in _WHOSE or label.istitle())


def _thing(word: str) -> str | None:
    """The thing that a word names, of one or of several."""
    bare = word.strip("'")
    return next((one for one in (bare, bare.removesuffix("s")) if one in _THINGS), None)
