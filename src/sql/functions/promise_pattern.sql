create or replace function triage_data.promise_pattern()
returns table (
       what text,
       number double precision,
       pattern text)
language sql
immutable
parallel safe
-- Of lower case text with plain apostrophes and quotes.
begin atomic
values
-- What looks like a time and is none, or is past.
('mask', null, '\m(good|guten|schönen|buen(a|o)s?|bon(ne)?) (morning|afternoon|evening|morgen|abend|tag|weekend|wochenende|d[ií]as?|tardes?|noches?|fin de semana|journée|soirée|week-?end)'),
('mask', null, '\m(since|last|(?<!give us )until|seit|letzten|letzte|vergangenen|desde( el)?|depuis|hasta ahora)( de[rmn])? [[:alpha:]]+'),
('mask', null, '\m(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine) derni(er|ère)'),
('mask', null, '\m(lunes|martes|miércoles|jueves|viernes|sábado|domingo|semana) pasad[oa]'),
('mask', null, '\m(what|which|that|was|lo que|ce qui|the (order|mail|message) you)[^,]*? (on|am|el|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)( (monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo))?\M(?=,? (and|und|y|et)\M)'),
-- What depends on somebody else.
('mask', null, '\m(if|once|unless|when|wenn|falls|sobald|sofern|si|cuando|en cuanto|dès que|quand|lorsque) (you|sie|du|ihr|uns|nos|usted|me|vous|tu|nous)\M[^,.]*'),
-- What somebody else does: the courier, the parcel, the money.
('mask', null, '\m(it|they|parcel|package|delivery|money|refund|order) (will|should|is going to|is due to) (reach|arrive|come|be delivered|show up)\M[^,]*|\m(will|should) (reach|arrive|be delivered|show up)\M[^,]*'),
('mask', null, '\m(es|er|sie|paket|lieferung|geld) (sollte|kommt|trifft|dürfte)\M[^,]*'),
('mask', null, '\m(debería|deberían|llegará|llegarán|llega|llegan)\M[^,]*'),
('mask', null, '\m(devrait|devraient|arrivera|arriveront|arrive|arrivent|sera livré|vous sera)\M[^,]*'),
-- What says that it is no promise.
('deny', null, '\?\s*$'),
('deny', null, '\m(won''t|can''t|cannot|can not|not be able|unable|will not|shan''t|couldn''t|wouldn''t|don''t|never|out of( the)? office|on (holiday|vacation|leave)|closed|not (promise|guarantee|before|until)|see(ing)? you|recommend|usually|normally|hope to|yesterday|happy to|glad to|of course)\M'),
('deny', null, '\m(nicht|nichts|keine?n?|nie|geschlossen|urlaub|abwesend|außer haus|freuen uns auf|soll(en)? (ich|wir)|könnten|meist|normalerweise|in der regel|hoffe|gestern|gern(e)? für (sie|dich) da)\M'),
('deny', null, '\m(no (podr|puedo|podemos|le|te|les|os|lo|se|est|hay|voy|vamos|cobr)\w*|nunca|nada|cerrad[oa]s?|fuera de la oficina|de vacaciones|esperamos el|suele|normalmente|inténtelo|ayer|encantad[oa]s?)\M'),
('deny', null, '\m(ne [[:alpha:]]+ (pas|rien|jamais|plus)|n''[[:alpha:]]+ (pas|rien|jamais|plus)|fermée?s?|absente?s?|en congés?|en vacances|attendons|en général|normalement|peux pas|réessayez|hier|heureu(x|se)s?)\M'),
-- What holds on a condition, which is no promise yet: but not "if" where it
-- says "whether", and not what the agent has in hand ("once I know").
('condition', null, '(?<!\m(know|see|check|ask|tell|find|confirm|say|even|as|wonder(ing)?|verify)\M.*)\mif (?!(possible|not|so|any|need|necessary|ever|i may)\M|you (have|need) (any|further|more|other|questions|help|us|me)\M)'),
('condition', null, '\m(once|as soon as|provided|assuming|as long as|on condition|in case) (that )?(you|your|it|its|the|this|that|they|their|he|she)\M|^\s*should (you|it|they|the)\M'),
('condition', null, '(^|, )\s*when (you|your|it|the|they) (?![[:alpha:]]+ed\M|wrote|bought|sent|said|told|spoke|got in)'),
('condition', null, '(?<!\mauch )\mwenn (?!(ich|möglich|nicht|nötig|überhaupt|nichts)\M|(sie|du|ihr) (noch |weitere |dazu )*(fragen|hilfe|etwas)\M)'),
('condition', null, '\m(falls|sofern|vorausgesetzt) (?!(möglich|nicht|nötig)\M|(sie|du|ihr) (noch |weitere |dazu )*(fragen|hilfe|etwas)\M)'),
('condition', null, '\msobald (sie|du|ihre?|deine?|euer|eure|es|das|der|die|er)\M|(^|, )\s*sollte(n|st|t)? (sie|du|ihr|ihre|es|das|der|die|sich|er)\M'),
('condition', null, '(?<!\m(dir|decir|diré|diremos|digo|decimos|confirm|avis|inform|ver|sab|comprob|compruebo|revis|consult|pregunt|incluso|aun|como|dis|voir|vérifi|sav|demand|regard|prévien|même|comme)[[:alpha:]]*\M.*)\m(si |s''ils? )(?!((es|fuera|hace) )?(posible|necesario|falta|possible|besoin|nécessaire)\M|(tiene|tienes|necesita|necesitas) (alguna|más|otra|algo|ayuda)\M|(vous|te) pla[iî]t\M|(vous avez|tu as) (encore |d''autres |des |une )*question)[[:alpha:]]'),
('condition', null, '\m(en cuanto|una vez que|siempre que|siempre y cuando|en caso de que|a condición de que|tan pronto como) (?!(sep|teng|hable|pued|pod)[[:alpha:]]*\M)|(^|, )\s*cuando (usted|ustedes|nos|me|su|tu|el|la|lo) '),
('condition', null, '\m(dès que|dès qu''|une fois que|aussitôt que|à condition que?|pourvu que?|au cas où|tant que|en cas de) ?(vous|tu|votre|vos|ton|ta|le|la|les|il|elle|ils|elles|cela|ce|l'')|(^|, )\s*(quand|lorsque) (vous|tu|votre|ton|ta|le|la|les)\M'),
-- Who commits, in the first person or in the name of the brand.
('commit', null, '\m(i|we)(''ll| will| shall|''m going to| am going to|''re going to| are going to| promise| guarantee)\M(?! be (?!in touch|back|calling|sending|writing|able)| of course| gladly)'),
('commit', null, '\m(i|we)(''m| am|''re| are) (calling|sending|writing|getting back)\M|^\s*back to you\M'),
('commit', null, '(^|[,;:] |\mand )(will|going to) \w+'),
('commit', null, '\m(get|getting|be|come) (right )?back (in touch )?(to|with) you\M'),
('commit', null, '\mlet (you|me) (know|look|check|see|find|ask)\M'),
('commit', null, '\myou(''ll| will| can expect to) (hear|get|have|receive|find) [^.]*?(us|me|our|your (refund|answer|reply|replacement|money))\M'),
('commit', null, '\m(expect|you can expect) (a|an|our|my) (call|reply|answer|mail|email|message|update|response)'),
('commit', null, '\m(he|she|they)(''ll| will) (call|ring|contact|answer|reply|write|get back|be in touch|update|reach)'),
('commit', null, '\m(colleagues?|team|manager|technician|engineer|specialist|supervisor|agent|department|support|somebody|someone|one of us) (will|is going to|are going to) (call|ring|contact|answer|reply|write|get back|be in touch|update|reach|be back|visit|look)'),
('commit', null, '\m(ich|wir) (werden?|verspreche|melden?|rufen?|schicken?|senden?|geben?|kläre?n?|schreiben?|antworten?|informieren?|kümmern?|kümmere|erledigen?|veranlassen?|prüfen?|schaue?n?|sehen?|frage?n?|komme?n?|liefern?|überweisen?|erstatten?|haben (das|es)|sorgen?|bestätigen?|halten?|leiten?|teilen?|sagen?|bringen?|tausche?n?)\M'),
('commit', null, '\m(und|,) ((rufen?|schreiben?|antworten?|informieren?|schicken?|senden?) (sie|dich|ihnen|dir|euch)|melden? (mich|uns)|geben? (ihnen|dir|euch))\M'),
('commit', null, '\m(werden?|verspreche|melden?|rufen?|schicken?|senden?|geben?|kläre?n?|schreiben?|antworten?|informieren?|kümmern?|erledigen?|veranlassen?|prüfen?|liefern?|überweisen?|erstatten?|bestätigen?|sagen?) (ich|wir)\M'),
('commit', null, '\m(sie|du|ihr) (hören|hörst|hört|bekommen|bekommst|bekommt|erhalten|erhältst|erhaltet|haben|hast|habt)\M[^.]*?\m(uns|mir|antwort|rückmeldung|bescheid|nachricht)\M'),
('commit', null, '\m(hören|hörst|bekommen|bekommst|erhalten|erhältst|haben|hast) (sie|du)\M[^.]*?\m(uns|mir|antwort|rückmeldung|bescheid|nachricht)\M'),
('commit', null, '\m(kollegen?|kollegin|team|techniker(in)?|mitarbeiter(in)?|chef(in)?|kundendienst|support|er|sie) (wird|werden|ruft|rufen|meldet|melden|schreibt|antwortet|kümmert) (sich|sie|ihnen|dich|dir)\M'),
('commit', null, '\m[[:alpha:]]+(aré|eré|iré|dré|bré|rré|aremos|eremos|iremos|dremos|bremos|rremos)\M'),
('commit', null, '\m(voy|vamos) a [[:alpha:]]+r(l[eaoe]s?|te|os|nos)?\M'),
('commit', null, '\m(le|te|les|os|se lo) (llamo|llamamos|escribo|escribimos|contesto|contestamos|respondo|respondemos|aviso|avisamos|confirmo|confirmamos|informo|informamos|envío|enviamos|mando|mandamos|devuelvo|devolvemos|digo|decimos|prometo|prometemos)\M'),
('commit', null, '\mme comprometo\M|\mnos comprometemos\M'),
('commit', null, '\m(tendrá|tendrás|recibirá|recibirás|tiene|tienes) (una |un |la |su |tu |nuestr[ao] )?(respuesta|noticias|llamada|solución|mensaje|correo|reembolso)'),
('commit', null, '\m(le|te|les) (llamará|escribirá|contestará|responderá|contactará|informará|atenderá)n?\M|\m(le|te|les) (llama|escribe|contesta|responde) (nuestr|un|el|la|mi)'),
('commit', null, '\m(je|j'')\s?(vous |te |t''|m''|me |le |la |l''|y )?[[:alpha:]]+rai\M'),
('commit', null, '\mnous (vous |te |le |la |l'')?[[:alpha:]]+rons\M|\m(et|,) (vous |te )?[[:alpha:]]+rons\M'),
('commit', null, '\m(je vais|nous allons|on va) (vous |te |t'')?[[:alpha:]]+(er|ir|re)\M'),
('commit', null, '\m(je|on|nous) (vous |te |t'')(rappel|appel|recontact|contact|répond|envo|tien|ten|revien|confirm|donn|écri|rembours|promet|inform|transmet)[[:alpha:]]*'),
('commit', null, '\m(je reviens|nous revenons|on revient) vers (vous|toi)\M|\m(m''engage|nous engageons)\M'),
('commit', null, '\m(vous aurez|tu auras|vous recevrez|tu recevras) [^.]*?(réponse|nouvelles|message|appel|solution|mail|remboursement)'),
('commit', null, '\m(collègue|équipe|technicien(ne)?|responsable|support|conseiller|conseillère|service) (vous|te|t'') ?(appellera|rappellera|rappelle|contactera|répondra|écrira|appelle|contacte|recontacte|recontactera)'),
-- Days from today.
('day', 2, '\m(day after tomorrow|übermorgen|pasado ma[ñn]ana|après-?demain)\M'),
('day', 1, '\m(tomorrow|tmrw|morgen|ma[ñn]ana|demain)\M'),
('day', 0, '\m(today|tonight|heute|hoy|aujourd''hui|this (morning|afternoon|evening)|esta (tarde|noche|ma[ñn]ana)|ce (soir|matin)|cet(te)? (après-?midi|nuit)|(end|close) of (the |this )?(business )?(day|business)|eod|cob|feierabend|dienstschluss|ende des tages|fin(al)? del día|fin de (la )?journée)\M'),
('weekday', 1, '\m(mondays?|montags?|lunes|lundi)\M'),
('weekday', 2, '\m(tues(day)?s?|dienstags?|martes|mardi)\M'),
('weekday', 3, '\m(wed(nesday)?|mittwochs?|miércoles|miercoles|mercredi)\M'),
('weekday', 4, '\m(thu(rs(day)?)?|donnerstags?|jueves|jeudi)\M'),
('weekday', 5, '\m(fri(day)?|freitags?|viernes|vendredi|(before|by) the weekend|vorm?( dem)? wochenende|antes del fin de semana|avant le week-?end)\M'),
('weekday', 6, '\m(saturday|samstags?|sonnabend|sábado|sabado|samedi)\M'),
('weekday', 7, '\m(sunday|sonntags?|domingo|dimanche)\M'),
('week', 1, '\m(next week|nächste[rn]? woche|kommende[rn]? woche|semana que viene|próxima semana|semaine prochaine)\M'),
('week', 0, '\m(this week|the week|ende der woche|diese[rn]? woche|wochenende|esta semana|final(es)? de (la )?semana|cette semaine|fin de (la )?semaine)\M'),
('date', 1, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:january|jan|januar|jänner|enero|janvier)|(?:january|jan|januar|jänner|enero|janvier) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 2, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:february|feb|februar|febrero|février)|(?:february|feb|februar|febrero|février) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 3, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:march|märz|marzo|mars)|(?:march|märz|marzo|mars) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 4, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:april|apr|abril|avril)|(?:april|apr|abril|avril) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 5, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:may|mai|mayo)|(?:may|mai|mayo) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 6, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:june|jun|juni|junio|juin)|(?:june|jun|juni|junio|juin) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 7, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:july|jul|juli|julio|juillet)|(?:july|jul|juli|julio|juillet) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 8, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:august|aug|agosto|août|aout)|(?:august|aug|agosto|août|aout) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 9, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:september|sept|sep|septiembre|setiembre|septembre)|(?:september|sept|sep|septiembre|setiembre|septembre) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 10, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:october|oct|oktober|okt|octubre|octobre)|(?:october|oct|oktober|okt|octubre|octobre) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 11, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:november|nov|noviembre|novembre)|(?:november|nov|noviembre|novembre) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('date', 12, '\m(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?:december|dec|dezember|dez|diciembre|décembre)|(?:december|dec|dezember|dez|diciembre|décembre) (?:the )?\d{1,2}(?:st|nd|rd|th)?)\M'),
('numeric', null, '\m\d{1,2}\.\s?\d{1,2}\.'),
-- In so many minutes, hours, days, weeks; in minutes, days as negative.
('span', null, '\m(in|within|innerhalb|binnen|en|dentro de|dans|sous|d''ici)( the next| the| von| der nächsten| den nächsten| las próximas| los próximos| un plazo de| les| un délai de| about| etwa| unos| unas)* (\d+|[[:alpha:]]+)( business| working| prochain[es]+| próxim[ao]s)? (minutes?|mins?|minuten|minutos?|hours?|hrs?|stunden?|std|horas?|heures?|h|days?|tage?n?|días?|dias?|jours?|werktagen?|arbeitstagen?|weeks?|wochen?|semanas?|semaines?)( laborables| hábiles| ouvrés| ouvrables)?\M'),
('number', 1, '^(one|an?|eine?[rnm]?|una?|une?)$'),
('number', 2, '^(two|zwei|dos|deux)$'),
('number', 3, '^(three|drei|tres|trois)$'),
('number', 4, '^(four|vier|cuatro|quatre)$'),
('number', 5, '^(five|fünf|cinco|cinq)$'),
('number', 6, '^(six|sechs|seis)$'),
('number', 7, '^(seven|sieben|siete|sept)$'),
('number', 8, '^(eight|acht|ocho|huit)$'),
('number', 10, '^(ten|zehn|diez|dix)$'),
('number', 12, '^(twelve|zwölf|doce|douze)$'),
-- The hour: as said, or the end of a part of the day.
('clock', null, '\m(\d{1,2})[:h](\d{2})(?!\d)\s*(am|pm|uhr|h)?( de la (tarde|noche))?'),
('clock', null, '\m(\d{1,2})\.(\d{2})(?![\d.])\s*(am|pm|uhr|h)?'),
('clock', null, '(?<![\d:.])(\d{1,2})()\s*(am|pm|o''clock|uhr|h)\M'),
('clock', null, '\m(?:at|a las?|before|by|until|um|bis|gegen|vor|avant|à|de|las) (\d{1,2})()\M(?![:%€$]|\.\d|\s*(?:min|hour|stund|hora|heur|day|tag|día|jour|week|woche|seman|sema|january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|de [efmajsond]|janv|févr|mars|avril|juin|juil|août|sept|octo|nove|déce|st\M|nd\M|rd\M|th\M))()( de la (tarde|noche))?'),
('part', 12, '\m(first thing|a primera hora|morning|noon|midday|vormittags?|mittags?|früh|mediodía|mediodia|midi|matin|por la ma[ñn]ana|de la ma[ñn]ana|esta ma[ñn]ana)\M'),
('part', 18, '\m(afternoon|nachmittags?|(por|de) la tarde|esta tarde|après-?midi)\M'),
('part', 21, '\m(tonight|evening|night|abends?|(por|de) la noche|esta noche|soir|soirée)\M');
end;

comment on function triage_data.promise_pattern() is
'What triage.suggest_promise looks for, in English, German, Spanish and French.';
