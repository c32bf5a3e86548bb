//! What WordPress itself writes about its form for comments, in its translations: heads, notes and buttons that every
//! theme shows as they are.

/// Phrases, `|` between; written as [`super::fold`] leaves them.
pub const FORM: &str = "leave a reply|cancel reply|your email address will not be published|required fields are marked|\
     required fields are marked *|save my name email and website in this browser for the next time i comment|\
     notify me of new posts by email|notify me of follow-up comments by email|this site uses akismet to reduce spam|\
     learn how your comment data is processed|schreibe einen kommentar|schreiben sie einen kommentar|\
     antwort abbrechen|antworten abbrechen|kommentar abschicken|deine e-mail-adresse wird nicht veröffentlicht|\
     ihre e-mail-adresse wird nicht veröffentlicht|erforderliche felder sind mit * markiert|\
     erforderliche felder sind markiert|\
     meinen namen meine e-mail-adresse und meine website in diesem browser für die nächste kommentierung speichern|\
     name e-mail-adresse und website in diesem browser für meinen nächsten kommentar speichern|\
     benachrichtige mich über nachfolgende kommentare via e-mail|benachrichtige mich über neue beiträge via e-mail|\
     diese website verwendet akismet um spam zu reduzieren|laisser un commentaire|annuler la réponse|\
     publier le commentaire|votre adresse e-mail ne sera pas publiée|votre adresse de messagerie ne sera pas publiée|\
     les champs obligatoires sont indiqués avec *|\
     enregistrer mon nom mon e-mail et mon site dans le navigateur pour mon prochain commentaire|\
     prévenez-moi de tous les nouveaux commentaires par e-mail|prévenez-moi de tous les nouveaux articles par e-mail|\
     deja una respuesta|deja un comentario|cancelar la respuesta|cancelar respuesta|publicar el comentario|\
     tu dirección de correo electrónico no será publicada|su dirección de correo electrónico no será publicada|\
     los campos obligatorios están marcados con *|los campos necesarios están marcados *|\
     los campos requeridos están marcados *|\
     guarda mi nombre correo electrónico y web en este navegador para la próxima vez que comente|deixe um comentário|\
     deixe uma resposta|cancelar resposta|o seu endereço de e-mail não será publicado|\
     o seu endereço de email não será publicado|o seu endereço de correio electrónico não será publicado|\
     campos obrigatórios são marcados com *|campos obrigatórios marcados com *|\
     salvar meus dados neste navegador para a próxima vez que eu comentar|lascia un commento|annulla risposta|\
     invia commento|il tuo indirizzo email non sarà pubblicato|i campi obbligatori sono contrassegnati *|\
     salva il mio nome email e sito web in questo browser per la prossima volta che commento|geef een reactie|\
     laat een reactie achter|reactie annuleren|reactie plaatsen|je e-mailadres wordt niet gepubliceerd|\
     het e-mailadres wordt niet gepubliceerd|je e-mailadres zal niet getoond worden|\
     uw e-mailadres wordt niet gepubliceerd|vereiste velden zijn gemarkeerd met *|\
     mijn naam e-mail en site opslaan in deze browser|dodaj komentarz|anuluj pisanie odpowiedzi|\
     twój adres e-mail nie zostanie opublikowany|twój adres email nie zostanie opublikowany|\
     wymagane pola są oznaczone *|zapamiętaj moje dane w tej przeglądarce podczas pisania kolejnych komentarzy|\
     добавить комментарий|отменить ответ|отправить комментарий|ваш адрес email не будет опубликован|\
     ваш e-mail не будет опубликован|обязательные поля помечены *|залишити відповідь|залишити коментар|\
     скасувати відповідь|опублікувати коментар|ваша e-mail адреса не оприлюднюватиметься|\
     обов'язкові поля позначені *|вашият коментар|вашият имейл адрес няма да бъде публикуван|\
     задължителните полета са отбелязани с *|napsat komentář|zrušit odpověď na komentář|\
     vaše e-mailová adresa nebude zveřejněna|vyžadované informace jsou označeny *|pridaj komentár|zrušiť odpoveď|\
     vaša e-mailová adresa nebude zverejnená|vyžadované polia sú označené *|lämna ett svar|lämna en kommentar|\
     avbryt svar|publicera kommentar|din e-postadress kommer inte publiceras|\
     din e-postadress kommer inte att publiceras|obligatoriska fält är märkta *|skriv et svar|annuller svar|\
     din e-mailadresse vil ikke blive publiceret|krævede felter er markeret med *|legg igjen en kommentar|\
     legg igjen et svar|din e-postadresse vil ikke bli publisert|obligatoriske felt er merket med *|\
     kirjoita kommentti|peruuta vastaus|sähköpostiosoitettasi ei julkaista|pakolliset kentät on merkitty *|\
     válasz megszakítása|az e-mail címet nem tesszük közzé|az e-mail-címet nem tesszük közzé|\
     a kötelező mezőket * karakterrel jelöltük|lasă un răspuns|anulează răspunsul|\
     adresa ta de email nu va fi publicată|câmpurile obligatorii sunt marcate cu *|komentiraj|odustani od odgovora|\
     vaša adresa e-pošte neće biti objavljena|obavezna polja su označena sa *|neophodna polja su označena *|\
     dodaj odgovor|prekliči odgovor|vaš e-naslov ne bo objavljen|označuje zahtevana polja|bir yanıt yazın|\
     bir cevap yazın|yanıtı iptal et|cevabı iptal et|e-posta adresiniz yayınlanmayacak|\
     e-posta hesabınız yayımlanmayacak|gerekli alanlar * ile işaretlenmişlerdir|αφήστε μια απάντηση|\
     ακύρωση απάντησης|δημοσίευση σχολίου|η ηλ. διεύθυνση σας δεν δημοσιεύεται|\
     η ηλ. διεύθυνση σας δεν δημοσιεύεται. τα υποχρεωτικά πεδία σημειώνονται με *|\
     τα υποχρεωτικά πεδία σημειώνονται με *|כתיבת תגובה|לבטל|האימייל לא יוצג באתר|שדות החובה מסומנים *|اترك تعليقاً|\
     اترك تعليقا|اترك رداً|إلغاء الرد|لن يتم نشر عنوان بريدك الإلكتروني|الحقول الإلزامية مشار إليها بـ *|\
     دیدگاهتان را بنویسید|لغو پاسخ|نشانی ایمیل شما منتشر نخواهد شد|بخش‌های موردنیاز علامت‌گذاری شده‌اند *|\
     एक उत्तर छोड़ें|उत्तर रद्द करें|आपका ईमेल पता प्रकाशित नहीं किया जाएगा|आवश्यक फ़ील्ड चिह्नित हैं *|\
     để lại một bình luận|trả lời|hủy|email của bạn sẽ không được hiển thị công khai|\
     các trường bắt buộc được đánh dấu *|tinggalkan balasan|batalkan balasan|\
     alamat email anda tidak akan dipublikasikan|ruas yang wajib ditandai *|ใส่ความเห็น|ยกเลิกการตอบ|\
     อีเมลของคุณจะไม่แสดงให้คนอื่นเห็น|ช่องข้อมูลจำเป็นถูกทำเครื่องหมาย *|コメントを残す|コメントをキャンセル|返信をキャンセル|コメントを送信|\
     メールアドレスが公開されることはありません|が付いている欄は必須項目です|次回のコメントで使用するためブラウザーに自分の名前、メールアドレス、サイトを保存する|发表回复|取消回复|发表评论|您的邮箱地址不会被公开|\
     您的电子邮箱地址不会被公开|电子邮件地址不会被公开|必填项已用 * 标注|必填项已用*标注|在此浏览器中保存我的显示名称、邮箱地址和网站地址，以便下次评论时使用|發佈留言|發佈回覆|取消回覆|\
     發佈留言必須填寫的電子郵件地址不會公開|必填欄位標示為 *|你的電郵地址並不會被公開|必要欄位標記為 *|답글 남기기|응답 취소|이메일 주소는 공개되지 않습니다|필수 필드는 *로 표시됩니다|\
     필수 항목은 *(으)로 표시합니다|deixa un comentari|l'adreça electrònica no es publicarà|\
     els camps necessaris estan marcats amb *|lisa kommentaar|tühista vastus|sinu e-postiaadressi ei avaldata|\
     nõutavad väljad on tähistatud *-ga|parašykite komentarą|atšaukti atsakymą|el. pašto adresas nebus skelbiamas|\
     būtini laukeliai pažymėti *|pievienot komentāru|atcelt atbildi|jūsu e-pasta adrese netiks publicēta|\
     obligātie lauki ir atzīmēti kā *";
