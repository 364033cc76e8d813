-- What an agent's own words promise: 311 sentences of ours, of which about
-- half promise something, said on Wednesday, 6 May 2026 at ten in Berlin.
-- A wrong suggestion costs more than a missed one.

begin;
select plan(20);

set local timezone = 'Europe/Berlin';
create temp table sentence as
select split_part(line, '|', 1) as language,
       split_part(line, '|', 2) as text,
       case when split_part(line, '|', 3) <> '-'
            then ('2026-' || split_part(line, '|', 3))::timestamptz
       end as due_at
  from regexp_split_to_table($sentences$
en|I'll get back to you tomorrow.|05-07 18:00
en|We will call you by Friday 5 pm.|05-08 17:00
en|You'll hear from us by the end of the day.|05-06 18:00
en|Tomorrow morning I will send you the new label.|05-07 12:00
en|Sorry about that! I'm going to check with the warehouse and let you know this afternoon.|05-06 18:00
en|We'll have an answer for you within 24 hours.|05-07 10:00
en|Our team will contact you in the next two hours.|05-06 12:00
en|I promise you will have your refund by next Monday.|05-11 18:00
en|Thanks for your patience, we'll update you at 3:30pm today.|05-06 15:30
en|My colleague will ring you on Thursday at 9am.|05-07 09:00
en|We will reply tonight.|05-06 21:00
en|Let me look into this and get back to you by noon tomorrow.|05-07 12:00
en|I will write to you again in 3 days.|05-09 18:00
en|Expect a call from us on Monday, May 11.|05-11 18:00
en|We shall let you know before May 20th.|05-20 18:00
en|A technician will be in touch within 30 minutes.|05-06 10:30
en|I'll follow up on your order next week.|05-15 18:00
en|Will get back to you first thing tomorrow morning.|05-07 12:00
en|We are looking into the order you placed on Monday and will reply by Thursday.|05-07 18:00
en|Hi Ann, the manager is out right now, but she'll call you back this evening.|05-06 21:00
en|I will personally call you at 4 pm.|05-06 16:00
en|We'll send the replacement within two business days.|05-08 18:00
en|By Friday 17:00 you will have our answer.|05-08 17:00
en|I'll check and message you the day after tomorrow.|05-08 18:00
en|We’ll get this sorted for you by the end of the week.|05-08 18:00
en|We'll reply by EOD Friday.|05-08 18:00
en|I will call you by close of business tomorrow.|05-07 18:00
en|Our shop is open tomorrow from 9 to 5.|-
en|Could you send us the receipt by Friday?|-
en|Please call us tomorrow morning.|-
en|You can pick up your parcel on Friday.|-
en|Thanks for your message yesterday.|-
en|We won't be able to answer before Monday.|-
en|I will be out of the office until Monday.|-
en|We will be closed tomorrow.|-
en|Did you get the mail we sent on Tuesday?|-
en|Your order was shipped on Monday.|-
en|The sale ends on Friday at 5 pm.|-
en|We'll get back to you as soon as possible.|-
en|I am sorry that you had to wait since Monday.|-
en|If you write to us by Friday, we can still change it.|-
en|Shall I call you tomorrow?|-
en|I can't promise it will be done by tomorrow.|-
en|Good morning! How can I help you today?|-
en|Your delivery is due on Thursday, says the carrier.|-
en|Have a great weekend!|-
en|We will not charge you until May 20.|-
en|I'd recommend you try again in 2 hours.|-
en|The next train leaves at 5 pm.|-
en|It usually takes 3 days for a refund to show up.|-
en|We will refund you in full.|-
en|We look forward to seeing you on Saturday!|-
en|So sorry to hear this. I've passed it on and someone will be in touch with you by 6pm.|05-06 18:00
en|You should receive an email from our billing team by tomorrow noon.|05-07 12:00
en|I've asked for a new card and we'll post it on Friday.|05-08 18:00
en|Give us until Thursday and we'll have news.|05-07 18:00
en|Back to you tomorrow with details!|05-07 18:00
en|We're on it and aim to fix this within 4 hours.|05-06 14:00
en|I'm calling you in 10 minutes.|05-06 10:10
en|Your refund was issued on Tuesday and will reach you in 5 days.|-
en|We don't work on Sunday, but I'll check on Monday.|05-11 18:00
en|Our Friday offer? I'll tell you more about it in the store.|-
en|The parcel you ordered on Monday left our warehouse today.|-
en|We will of course accept returns until May 30.|-
en|I will be happy to help you today.|-
en|They told me the courier comes tomorrow at 8 am.|-
en|We'll be live on Instagram tomorrow at 7 pm!|-
en|I'd love to help. Which day works for you, Monday or Tuesday?|-
de|Ich melde mich bis Ende des Tages am Freitag.|05-08 18:00
de|Ich melde mich morgen bei Ihnen.|05-07 18:00
de|Wir rufen Sie bis Freitag 17 Uhr zurück.|05-08 17:00
de|Heute Abend melden wir uns wieder bei dir.|05-06 21:00
de|Sie hören bis heute 18 Uhr von uns.|05-06 18:00
de|Ich schicke Ihnen das neue Etikett morgen früh.|05-07 12:00
de|Wir werden Ihnen innerhalb von 24 Stunden antworten.|05-07 10:00
de|Ein Kollege wird sich in den nächsten zwei Stunden bei Ihnen melden.|05-06 12:00
de|Bis Montag haben Sie von uns eine Antwort.|05-11 18:00
de|Übermorgen gebe ich Ihnen Bescheid.|05-08 18:00
de|Ich kläre das mit dem Lager und rufe Sie heute Nachmittag an.|05-06 18:00
de|Wir prüfen das und geben Ihnen am Donnerstag um 9:30 Uhr Rückmeldung.|05-07 09:30
de|Nächste Woche schicken wir Ihnen den Ersatz.|05-15 18:00
de|Ich werde Ihnen bis zum 12. Mai schreiben.|05-12 18:00
de|Wir melden uns am 12.5. bei Ihnen.|05-12 18:00
de|Du bekommst morgen Vormittag eine Nachricht von uns.|05-07 12:00
de|Die Erstattung veranlassen wir bis Ende der Woche.|05-08 18:00
de|Ich verspreche Ihnen eine Antwort bis morgen Mittag.|05-07 12:00
de|Unser Techniker ruft Sie in 30 Minuten an.|05-06 10:30
de|In drei Tagen melde ich mich noch einmal.|05-09 18:00
de|Danke für Ihre Geduld, wir informieren Sie heute noch.|05-06 18:00
de|Ich frage nach, was am Montag passiert ist, und melde mich bis Donnerstag.|05-07 18:00
de|Spätestens am Freitag um 12 Uhr erhalten Sie von mir eine Antwort.|05-08 12:00
de|Wir kümmern uns darum und schreiben Ihnen bis 16 Uhr.|05-06 16:00
de|Am Mittwoch rufe ich Sie an.|05-13 18:00
de|Wir haben das bis nächsten Dienstag für Sie geklärt.|05-12 18:00
de|Unser Laden ist morgen ab 9 Uhr geöffnet.|-
de|Könnten Sie uns die Rechnung bis Freitag schicken?|-
de|Bitte rufen Sie uns morgen früh an.|-
de|Sie können das Paket am Freitag abholen.|-
de|Vielen Dank für Ihre Nachricht von gestern.|-
de|Wir können leider nicht vor Montag antworten.|-
de|Ich bin bis Montag nicht im Büro.|-
de|Morgen haben wir geschlossen.|-
de|Haben Sie die E-Mail vom Dienstag bekommen?|-
de|Ihre Bestellung wurde am Montag verschickt.|-
de|Die Aktion endet am Freitag um 17 Uhr.|-
de|Wir melden uns so schnell wie möglich.|-
de|Es tut mir leid, dass Sie seit Montag warten.|-
de|Wenn Sie uns bis Freitag schreiben, können wir es noch ändern.|-
de|Soll ich Sie morgen anrufen?|-
de|Ich kann nicht versprechen, dass es bis morgen fertig ist.|-
de|Guten Morgen! Wie kann ich Ihnen heute helfen?|-
de|Laut Spedition kommt Ihr Paket am Donnerstag.|-
de|Schönes Wochenende!|-
de|Wir buchen vor dem 20. Mai nichts ab.|-
de|Versuchen Sie es bitte in zwei Stunden noch einmal.|-
de|Der nächste Zug fährt um 17 Uhr.|-
de|Die Erstattung dauert meist drei Tage.|-
de|Wir freuen uns auf Ihren Besuch am Samstag!|-
de|Wir erstatten Ihnen den vollen Betrag.|-
de|Meine Kollegin meldet sich morgen bei Ihnen.|05-07 18:00
de|Ich bin ab 14 Uhr wieder da und rufe Sie dann an.|05-06 14:00
de|Wir haben Ihr Anliegen weitergegeben, Sie erhalten bis Freitag Bescheid.|05-08 18:00
de|Bis heute Abend weiß ich mehr und schreibe Ihnen.|05-06 21:00
de|Die Ware geht morgen raus.|-
de|Ihr Termin ist am Montag um 10 Uhr.|-
de|Wir sind von Montag bis Freitag von 9 bis 17 Uhr für Sie da.|-
de|Gerne können Sie uns morgen besuchen.|-
de|Wir schicken Ihnen das Paket erneut, es sollte am Samstag ankommen.|-
de|Ich habe Ihnen gestern um 15 Uhr geschrieben.|-
es|Le responderemos antes del final del día de mañana.|05-07 18:00
es|Le llamaré mañana.|05-07 18:00
es|Le contestaremos antes del viernes a las 5 de la tarde.|05-08 17:00
es|Esta tarde te escribimos con la respuesta.|05-06 18:00
es|Voy a revisarlo y te aviso hoy mismo.|05-06 18:00
es|Nos pondremos en contacto con usted en las próximas 24 horas.|05-07 10:00
es|Mañana por la mañana le envío la etiqueta nueva.|05-07 12:00
es|Un compañero le llamará dentro de dos horas.|05-06 12:00
es|Tendrá noticias nuestras el lunes.|05-11 18:00
es|Pasado mañana te confirmo el cambio.|05-08 18:00
es|Te respondo esta noche.|05-06 21:00
es|Le escribiré el jueves a las 9:30.|05-07 09:30
es|La semana que viene le enviaremos el repuesto.|05-15 18:00
es|Le daremos una respuesta antes del 12 de mayo.|05-12 18:00
es|Vamos a investigar lo que pasó el lunes y le contestamos mañana.|05-07 18:00
es|Recibirá nuestra respuesta en un plazo de 48 horas.|05-08 10:00
es|Te prometo que mañana al mediodía tienes una respuesta.|05-07 12:00
es|En 30 minutos le llama nuestro técnico.|05-06 10:30
es|Dentro de tres días volveré a escribirle.|05-09 18:00
es|Gracias por su paciencia, le informaremos a las 16:00.|05-06 16:00
es|Haremos el reembolso antes del fin de semana.|05-08 18:00
es|Te llamo el viernes por la tarde.|05-08 18:00
es|Hablaré con el almacén y le diré algo mañana por la tarde.|05-07 18:00
es|A más tardar el martes le devolvemos el dinero.|05-12 18:00
es|Esta semana le mandaremos la factura.|05-08 18:00
es|Me comprometo a darle una solución antes de mañana a las 12.|05-07 12:00
es|Nuestra tienda abre mañana a las 9.|-
es|¿Puede enviarnos el recibo antes del viernes?|-
es|Por favor, llámenos mañana por la mañana.|-
es|Puede recoger su paquete el viernes.|-
es|Gracias por su mensaje de ayer.|-
es|No podremos responderle antes del lunes.|-
es|Estaré fuera de la oficina hasta el lunes.|-
es|Mañana estaremos cerrados.|-
es|¿Recibió el correo que enviamos el martes?|-
es|Su pedido se envió el lunes.|-
es|La oferta termina el viernes a las 17:00.|-
es|Le responderemos lo antes posible.|-
es|Siento que lleve esperando desde el lunes.|-
es|Si nos escribe antes del viernes, todavía podemos cambiarlo.|-
es|¿Le llamo mañana?|-
es|No puedo prometer que esté listo mañana.|-
es|¡Buenos días! ¿En qué puedo ayudarle hoy?|-
es|Según el transportista, su paquete llega el jueves.|-
es|¡Buen fin de semana!|-
es|No le cobraremos nada hasta el 20 de mayo.|-
es|Inténtelo de nuevo en dos horas, por favor.|-
es|El próximo tren sale a las 17:00.|-
es|El reembolso suele tardar tres días.|-
es|¡Le esperamos el sábado en la tienda!|-
es|Le devolveremos todo el dinero.|-
es|Mañana a primera hora le digo algo.|05-07 12:00
es|Hoy antes de las 18 h recibirá una llamada de nuestro equipo.|05-06 18:00
es|El técnico pasará el jueves por la mañana.|05-07 12:00
es|Estamos abiertos de lunes a viernes.|-
es|El pedido llegará mañana.|-
es|Escríbanos mañana y lo vemos.|-
es|Le mandamos el paquete ayer a las 15:00.|-
fr|Nous vous répondrons avant la fin de journée demain.|05-07 18:00
fr|Je vous rappelle demain.|05-07 18:00
fr|Nous vous répondrons d'ici vendredi 17h.|05-08 17:00
fr|Ce soir, nous vous enverrons la réponse.|05-06 21:00
fr|Je vais vérifier et je reviens vers vous cet après-midi.|05-06 18:00
fr|Vous aurez une réponse de notre part sous 24 heures.|05-07 10:00
fr|Demain matin je vous envoie la nouvelle étiquette.|05-07 12:00
fr|Un collègue vous appellera dans les deux prochaines heures.|05-06 12:00
fr|Vous aurez de nos nouvelles lundi.|05-11 18:00
fr|Après-demain, je vous confirme l'échange.|05-08 18:00
fr|On te répond aujourd'hui.|05-06 18:00
fr|Je vous écrirai jeudi à 9h30.|05-07 09:30
fr|La semaine prochaine, nous vous enverrons la pièce.|05-15 18:00
fr|Nous vous donnerons une réponse avant le 12 mai.|05-12 18:00
fr|Nous regardons ce qui s'est passé lundi et vous répondrons demain.|05-07 18:00
fr|Vous recevrez notre réponse dans un délai de 48 heures.|05-08 10:00
fr|Je vous promets une réponse demain à midi.|05-07 12:00
fr|Notre technicien vous rappelle dans 30 minutes.|05-06 10:30
fr|Dans trois jours, je reviendrai vers vous.|05-09 18:00
fr|Merci de votre patience, nous vous tiendrons informé à 16h.|05-06 16:00
fr|Nous ferons le remboursement d'ici la fin de la semaine.|05-08 18:00
fr|Je t'appelle vendredi après-midi.|05-08 18:00
fr|Je parle à l'entrepôt et je vous tiens au courant demain après-midi.|05-07 18:00
fr|Au plus tard mardi, nous vous rembourserons.|05-12 18:00
fr|Cette semaine encore, on vous envoie la facture.|05-08 18:00
fr|Je m'engage à vous donner une solution avant demain 12h.|05-07 12:00
fr|Notre magasin ouvre demain à 9h.|-
fr|Pouvez-vous nous envoyer le reçu avant vendredi ?|-
fr|Merci de nous appeler demain matin.|-
fr|Vous pouvez retirer votre colis vendredi.|-
fr|Merci pour votre message d'hier.|-
fr|Nous ne pourrons pas vous répondre avant lundi.|-
fr|Je serai absent du bureau jusqu'à lundi.|-
fr|Demain, nous serons fermés.|-
fr|Avez-vous reçu le mail que nous avons envoyé mardi ?|-
fr|Votre commande est partie lundi.|-
fr|L'offre se termine vendredi à 17h.|-
fr|Nous vous répondrons dès que possible.|-
fr|Je suis désolé que vous attendiez depuis lundi.|-
fr|Si vous nous écrivez avant vendredi, nous pourrons encore le changer.|-
fr|Puis-je vous appeler demain ?|-
fr|Je ne peux pas promettre que ce sera prêt demain.|-
fr|Bonjour ! Comment puis-je vous aider aujourd'hui ?|-
fr|Selon le transporteur, votre colis arrive jeudi.|-
fr|Bon week-end !|-
fr|Nous ne débiterons rien avant le 20 mai.|-
fr|Réessayez dans deux heures, s'il vous plaît.|-
fr|Le prochain train part à 17h.|-
fr|Le remboursement prend en général trois jours.|-
fr|Nous vous attendons samedi au magasin !|-
fr|Nous vous rembourserons intégralement.|-
fr|Je reviens vers toi en fin de journée.|05-06 18:00
fr|Notre équipe vous recontacte avant 18h.|05-06 18:00
fr|Votre remboursement sera fait vendredi au plus tard.|05-08 18:00
fr|Le magasin est ouvert du lundi au vendredi.|-
fr|Le colis vous sera livré demain.|-
fr|Je vous ai appelé ce matin à 9h.|-
fr|Nous serons heureux de vous accueillir samedi.|-
en|If you send it today, I will answer tomorrow.|-
en|I will answer tomorrow if you send it today.|-
en|Once you have sent us the receipt, we will refund you by Friday.|-
en|We'll send the replacement tomorrow once the courier confirms the return.|-
en|If it hasn't arrived by Thursday, we'll refund you on Friday.|-
en|As soon as your payment is in, we will ship it tomorrow.|-
en|When you get the form, send it back and I'll process it by Monday.|-
en|Provided that you reply today, I'll call you tomorrow.|-
en|Hi Ann, if you give me your number I'll ring you this afternoon.|-
en|Should you not hear from them, I will call you on Friday.|-
en|I'll let you know tomorrow if your refund has been approved.|05-07 18:00
en|We will check if the parcel is lost and call you by Friday.|05-08 18:00
en|Once I have talked to the warehouse, I'll call you tomorrow.|05-07 18:00
en|If you have any further questions, just write; I'll call you tomorrow.|05-07 18:00
en|I'll call you tomorrow, if not sooner.|05-07 18:00
en|Even if it takes longer, I'll call you back by 5 pm.|05-06 17:00
en|We'll refund you on Friday unless you tell us otherwise.|05-08 18:00
en|When I'm back on Monday, I will call you.|05-11 18:00
de|Wenn Sie es heute schicken, antworte ich morgen.|-
de|Ich antworte Ihnen morgen, wenn Sie es heute schicken.|-
de|Sobald Ihre Zahlung da ist, schicken wir es morgen los.|-
de|Falls das Paket bis Donnerstag nicht kommt, erstatten wir den Betrag am Freitag.|-
de|Sollte es bis morgen nicht da sein, rufe ich Sie am Freitag an.|-
de|Sofern du mir die Rechnung heute schickst, melde ich mich morgen.|-
de|Ich sage Ihnen morgen Bescheid, ob wir es ersetzen können.|05-07 18:00
de|Wenn ich am Montag wieder da bin, rufe ich Sie an.|05-11 18:00
de|Sobald ich mit dem Lager gesprochen habe, rufe ich Sie morgen an.|05-07 18:00
de|Auch wenn es länger dauert, melde ich mich morgen.|05-07 18:00
es|Si lo envía hoy, le contesto mañana.|-
es|Le contesto mañana si nos lo envía hoy.|-
es|En cuanto recibamos su pago, le enviaremos el pedido mañana.|-
es|Cuando usted nos mande la factura, le devolveremos el dinero el viernes.|-
es|Si el paquete no llega mañana, le llamaré el viernes.|-
es|Siempre que nos responda hoy, le llamaremos mañana.|-
es|Le diré mañana si podemos cambiarlo.|05-07 18:00
es|Vamos a comprobar si se perdió y le llamamos el viernes.|05-08 18:00
es|Sí, le llamo mañana.|05-07 18:00
es|Aunque no respondan, le llamaré mañana.|05-07 18:00
fr|Si vous l'envoyez aujourd'hui, je vous réponds demain.|-
fr|Je vous réponds demain si vous l'envoyez aujourd'hui.|-
fr|Dès que votre paiement est arrivé, nous vous enverrons la pièce demain.|-
fr|Si le colis n'est pas là jeudi, nous vous rembourserons vendredi.|-
fr|S'il n'arrive pas demain, je vous rappelle vendredi.|-
fr|Une fois que vous aurez signé, nous vous rembourserons vendredi.|-
fr|Je vous dirai demain si nous pouvons l'échanger.|05-07 18:00
fr|Nous allons vérifier si le colis est perdu et nous vous rappelons vendredi.|05-08 18:00
fr|S'il vous plaît, patientez, je vous rappelle demain.|05-07 18:00
fr|Même si cela prend du temps, je vous rappelle demain.|05-07 18:00
en|I'll look into it and let you know by Friday if we can refund you.|05-08 18:00
en|If you like, I'll call you tomorrow.|-
en|We'll reply by tomorrow if possible.|05-07 18:00
en|I will call you on Friday if the parcel is still missing by then.|-
en|Thanks, I'll ask the warehouse and write to you when I know more, tomorrow at the latest.|05-07 18:00
en|When you wrote on Monday we were closed, so I'll make sure you get your refund by Friday.|05-08 18:00
en|As soon as possible, and by 5 pm at the latest, we will call you back.|05-06 17:00
de|Ich melde mich morgen bei Ihnen, falls Sie noch Fragen haben, rufen Sie gern an.|05-07 18:00
de|Wenn möglich rufe ich Sie heute noch an.|05-06 18:00
de|Wir prüfen, ob das Paket verloren ist, und melden uns bis Freitag.|05-08 18:00
de|Schreiben Sie mir, wenn etwas fehlt, ich melde mich dann morgen.|-
es|Si tiene más preguntas, escríbanos; le llamo mañana.|05-07 18:00
es|Le informaremos el viernes si se aprueba el reembolso.|05-08 18:00
es|En cuanto sepa algo le escribo, mañana a más tardar.|05-07 18:00
fr|Dès que possible, et au plus tard demain, je vous rappelle.|05-07 18:00
fr|Je vous confirme demain si le remboursement est accepté.|05-07 18:00
fr|Si vous avez d'autres questions, écrivez-moi ; je vous rappelle demain.|05-07 18:00
fr|Nous vous rembourserons vendredi si le colis n'est pas retrouvé.|-
$sentences$, '\n') as line
 where line <> '';

create temp table suggested as
select s.*, p.due_at as got, p.words
  from sentence as s
  left join lateral triage.suggest_promise(
       s.text, '2026-05-06 10:00+02', 'Europe/Berlin') as p
    on true;

select diag(format(
    '%s: %s sentences, precision %s, recall %s', coalesce(language, 'all'),
    count(*),
    round(count(*) filter (where got = due_at)::numeric
          / nullif(count(got), 0), 2),
    round(count(*) filter (where got = due_at)::numeric
          / nullif(count(due_at), 0), 2)))
  from suggested
 group by rollup (language)
 order by language nulls last;
select cmp_ok(count(*)::int, '>=', 200, 'two hundred sentences')
  from suggested;
select ok(count(due_at) between 0.4 * count(*) and 0.6 * count(*),
    'half of them with a promise')
  from suggested;
select cmp_ok(count(*) filter (where got = due_at)::numeric
                  / nullif(count(got), 0), '>=', 0.9,
    format('of ten suggestions in %s nine are right', language))
  from suggested
 group by language
 order by language;
select cmp_ok(count(*) filter (where got = due_at)::numeric
                  / nullif(count(due_at), 0), '>=', 0.75,
    'and three of four promises are noticed')
  from suggested;
select is_empty(
    'select text, words from suggested
      where got is not null
        and (words is null or strpos(text, words) = 0)',
    'the words that it was read from are the agent''s');

-- In an hour of its own.
create function pg_temp.due(text text, now timestamptz,
                            zone text default 'UTC')
returns timestamptz language sql as $$
    select due_at from triage.suggest_promise(due.text, due.now, due.zone);
$$;
select is(pg_temp.due('I will call you tomorrow at 9 am', '2026-03-28 12:00+00',
                      'Europe/Berlin'),
    '2026-03-29 07:00+00'::timestamptz, 'the zone''s clock, when it changes');
select is(pg_temp.due('I will call you today', '2026-05-06 19:00+00'),
    '2026-05-07 00:00+00'::timestamptz, 'in the evening, today ends at midnight');
select is(pg_temp.due('I will call you at 5 pm', '2026-05-06 19:00+00'),
    '2026-05-07 17:00+00'::timestamptz, 'an hour that is past is tomorrow''s');
select is(pg_temp.due('I will call you on Wednesday', '2026-05-06 10:00+00'),
    '2026-05-13 18:00+00'::timestamptz, 'today''s name is in a week');
select is(pg_temp.due('I will write by 3 January', '2026-12-30 10:00+00'),
    '2027-01-03 18:00+00'::timestamptz, 'a date that is past is next year''s');
select is(pg_temp.due('I will write by 31 February', '2026-12-30 10:00+00'),
    null, 'a date that there is not');
select is(pg_temp.due('I will write in 9999 weeks', '2026-12-30 10:00+00'),
    null, 'nobody waits for longer than a year');
select is(pg_temp.due('I will call you at 99:99', '2026-12-30 10:00+00'),
    null, 'nor until an hour that there is not');
select is(pg_temp.due(repeat('Well... ', 100000) || 'I will call tomorrow',
                      '2026-12-30 10:00+00'), null,
    'of a very long text the beginning is read');
select throws_ok($$select triage.suggest_promise('tomorrow', now(), 'Nowhere')$$,
    'TR007', null, 'a zone that there is not');
select is_empty('select * from triage.suggest_promise(null)
                 union all select * from triage.suggest_promise('''')',
    'no words, no promise');
select is_empty('select * from triage_data.promise',
    'nothing is promised by it');

select * from finish();
rollback;
