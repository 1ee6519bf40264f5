# ruff: noqa: RUF001
"""Words that announce what the number beside them is, such as *phone*, in some twenty languages.

The first lists are matched as whole words. Those named `…_BEYOND` and `…_GLUED` are of other
scripts; the latter match within words too, since their languages put no blanks between words, or
glue articles, prepositions and endings to a word.
"""

# Latin letters without accents; used for ASCII as well
PHONE = (
    r"phones?|tele(?:ph|f)\w*|tel|t[ée]l[ée]phone|tel[ée]fono|cell\w*|celular|mobil\w*"
    r"|m[óo]vil|handy|landline|fax|call(?:s|ed|ing|er)?|dial\w*|ring|rang"
    r"|answer(?:s|ed|ing)?(?=\s(?:at|on)\b)|text(?:ed|ing|\sme|\sus)|sms|messages?"
    r"|whats\s?app|hot\s?line|help\s?line|voicemail|contact|reach\s(?:me|us|him|her|them)"
    r"|pager|rufnummer|(?:desk|office|home|work|direct|num[ée]ro)(?=\s?:)"
    r"|anruf\w*|ruf(?:e|t|en)|durchwahl|festnetz\w*|erreich\w+|appel(?:ez|er|le|ons)|joindre"
    r"|llam(?:e|en|ar|ame)|ligue|chiam(?:a|ami|are|ate)|bellen|zadzwo\w+|gsm|sdt"
)
OTHER = (
    r"orders?|ref|reference|accounts?|acct|invoices?|tickets?|cases?|transactions?"
    r"|tracking|parcels?|shipments?|polic(?:y|ies)|ids?|zip|codes?|post\s?code|amounts?|totals?"
    r"|paid|pay|price|version|release|firmware|build|serial|models?|isbn|issn|sku|part|booking"
    r"|confirmation|receipt|batch|lot|passport|licen[cs]e|vin|years?|section|chapter|clause"
    r"|pmid|doi|item|customer|member(?:ship)?|employee|patient|claim|file|pin|otp|sort"
    r"|bestell\w*|rechnung\w*|kunden\w*|vertrag\w*|auftrag\w*|konto\w*|artikel\w*|sendung\w*"
    r"|aktenzeichen|vorgang\w*|plz|commande|facture|dossier|colis|pedido|factura|cuenta|encomenda"
    r"|ordine|fattura|siparis|fatura|hesap|zamowieni\w*|faktur\w*"
)
CARD = (
    r"(?:credit|debit|charge|bank)?\s?cards?|credit|debit|visa|master\s?card|maestro"
    r"|amex|american express|discover|diners|jcb|cc|(?:kredit)?karte|carte|tarjeta|carta|kart\w*"
)
SSN = r"ssns?|social\s(?:security|sec)|itin|tax\s?payer"
IBAN = r"ibans?"

# whole words with letters beyond ASCII
PHONE_BEYOND = (
    r"ll[áa]m\w+|telem[óo]vel|anrufen|t[ée]l|kom[óo]rk\w*"
    r"|тел|телефон\w*|\w*звон\w+|моб\w*|сотов\w+|факс\w*|смс|в[ао]тсап\w*|номер\sтелефон\w*"
    r"|τηλ\w*|κινητ\w+|καλέσ\w+|κάλεσ\w+|φαξ|επικοιν\w+"
    r"|điện thoại|gọi|sđt|số máy|liên hệ|di động|nhắn tin|հեռախոս\w*|զանգ\w+|ტელეფონ\w*|დარეკ\w*"
)
OTHER_BEYOND = (
    r"заказ\w*|сч[её]т\w*|договор\w*|трек\w*|код\w*|сумм\w+|инн|артикул\w*|заявк\w+|посылк\w+"
    r"|замовлен\w*|рахун\w+|παραγγελί\w*|τιμολ\w+|κωδικ\w+|λογαριασμ\w+|αποστολ\w+"
    r"|đơn hàng|mã|hóa đơn|tài khoản|vận đơn|sipariş\w*|zamówieni\w*|número de pedido|code postal"
)
CARD_BEYOND = r"карт[аыуео]\w*|κάρτ\w+|thẻ"

# looked for anywhere
PHONE_GLUED = (
    "电话|電話|手机|手機|致电|致電|拨打|撥打|来电|來電|联系|聯繫|聯絡|座机|座機|热线|熱線|传真|傳真"
    "|短信|簡訊|打给|打給|携帯|でんわ|連絡|スマホ|ケータイ|ファックス|ファクス"
    "|전화|휴대폰|핸드폰|연락|팩스|휴대전화|문자"
    "|โทร|เบอร์|มือถือ|ติดต่อ|แฟกซ์|ໂທ|ເບີ|ມືຖື|ຕິດຕໍ່|ទូរស័ព្ទ|ទូរសព្ទ|ទាក់ទង|ហៅ|ဖုန်း|ဆက်သွယ်"
    "|هاتف|جوال|موبايل|اتصل|اتصال|تلفون|تليفون|واتساب|فاكس|تلفن|تماس|فون"
    "|טלפון|נייד|התקשר|חייג|פקס"
    "|फ़ोन|फोन|मोबाइल|कॉल|संपर्क|सम्पर्क|दूरभाष|व्हाट्सएप|ফোন|মোবাইল|কল|যোগাযোগ"
    "|தொலைபேசி|மொபைல்|அழை|ఫోన్|మొబైల్"
)
OTHER_GLUED = (
    "订单|訂單|单号|單號|编号|編號|账号|帳號|账户|帳戶|验证码|驗證碼|快递|快遞|合同|金额|金額|发票|發票"
    "|身份证|身分證|会员|會員|版本|工单|流水号|型号|型號|注文|口座|会員番号|お客様番号|伝票|受付|請求"
    "|追跡|管理番号|型番|暗証|認証コード|郵便番号|주문|송장|계좌|운송장|고객번호|회원번호|사업자|인증번호"
    "|예약|접수|คำสั่งซื้อ|ออเดอร์|พัสดุ|บัญชี|ใบแจ้งหนี้|รหัส|ສັ່ງຊື້|ບັນຊີ|ລະຫັດ|បញ្ជាទិញ|គណនី|លេខកូដ|វិក្កយបត្រ"
    "|طلب|فاتورة|حساب|رمز|شحنة|سفارش|הזמנה|חשבון|ऑर्डर|आर्डर|खाता|खाते|कोड|बिल|इनवॉइस|অর্ডার"
)
CARD_GLUED = "信用卡|卡号|卡號|银行卡|銀行卡|カード|카드|บัตร|ບັດ|កាត|بطاقة|כרטיס|कार्ड"
# said behind a number: `13800138000是我的手机号`
PHONE_BEHIND = "电话|電話|手机|手機|携帯|전화|휴대폰|핸드폰|联系|聯絡|連絡先"
