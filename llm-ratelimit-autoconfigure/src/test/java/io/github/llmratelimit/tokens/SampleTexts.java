package io.github.llmratelimit.tokens;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Texts of the kinds that prompts are made of, and shapes that are expensive to count.
 */
final class SampleTexts {

	private static final String ENGLISH = """
			The parcel was handed to the carrier on Monday morning, yet the tracking page still says that it is waiting \
			in the warehouse. Could you please look into this and tell me when I can expect it? If it has been lost, I'd \
			rather have my money back than wait for a second delivery. By the way, the lamp that I ordered in March \
			works very well, and my neighbours have asked me where they can buy one. It took the engineers several weeks \
			to understand why the pump stopped every night at the same hour.
			""";

	private static final String GERMAN = """
			Das Paket wurde am Montagmorgen an den Zusteller übergeben, die Sendungsverfolgung zeigt aber noch immer, \
			dass es im Lager liegt. Könnten Sie das bitte prüfen und mir sagen, wann ich damit rechnen kann? Falls es \
			verloren gegangen ist, hätte ich lieber mein Geld zurück, als auf eine zweite Lieferung zu warten. Die \
			Lampe, die ich im März bestellt habe, funktioniert übrigens sehr gut.
			""";

	private static final String FRENCH = """
			Le colis a été remis au transporteur lundi matin, mais la page de suivi indique toujours qu'il attend à \
			l'entrepôt. Pourriez-vous vérifier et me dire quand je le recevrai ? S'il est perdu, je préfère être \
			remboursé plutôt que d'attendre une deuxième livraison. La lampe que j'ai commandée en mars fonctionne \
			d'ailleurs très bien.
			""";

	private static final String SPANISH = """
			El paquete fue entregado al transportista el lunes por la mañana, pero la página de seguimiento todavía dice \
			que está esperando en el almacén. ¿Podrían revisarlo y decirme cuándo llegará? Si se ha perdido, prefiero \
			que me devuelvan el dinero a esperar un segundo envío. Por cierto, la lámpara que pedí en marzo funciona muy \
			bien.
			""";

	private static final String POLISH = """
			Paczka została przekazana kurierowi w poniedziałek rano, ale strona śledzenia wciąż pokazuje, że czeka w \
			magazynie. Czy mogliby Państwo to sprawdzić i powiedzieć mi, kiedy mogę się jej spodziewać? Jeśli zaginęła, \
			wolę zwrot pieniędzy niż czekanie na drugą dostawę.
			""";

	private static final String RUSSIAN = """
			Посылку передали курьеру в понедельник утром, но на странице отслеживания до сих пор написано, что она ждёт \
			на складе. Не могли бы вы проверить это и сказать, когда её доставят? Если она потерялась, мне лучше вернуть \
			деньги, чем ждать вторую отправку. Кстати, лампа, которую я заказал в марте, работает очень хорошо.
			""";

	private static final String GREEK = """
			Το δέμα παραδόθηκε στον μεταφορέα τη Δευτέρα το πρωί, αλλά η σελίδα παρακολούθησης λέει ακόμη ότι περιμένει \
			στην αποθήκη. Μπορείτε να το ελέγξετε και να μου πείτε πότε θα φτάσει; Αν έχει χαθεί, προτιμώ να πάρω πίσω \
			τα χρήματά μου.
			""";

	private static final String ARABIC = """
			تم تسليم الطرد إلى شركة النقل صباح يوم الاثنين، لكن صفحة التتبع ما زالت تقول إنه ينتظر في المستودع. هل يمكنكم \
			التحقق من ذلك وإخباري متى سيصل؟ إذا ضاع الطرد فأنا أفضل استعادة نقودي على انتظار شحنة ثانية.
			""";

	private static final String HINDI = """
			पार्सल सोमवार सुबह कूरियर को सौंप दिया गया था, लेकिन ट्रैकिंग पेज अब भी कहता है कि वह गोदाम में है। क्या आप कृपया जाँच करके बता \
			सकते हैं कि वह कब तक पहुँचेगा? यदि वह खो गया है, तो मैं दूसरी डिलीवरी का इंतज़ार करने के बजाय पैसे वापस लेना चाहूँगा।
			""";

	private static final String CHINESE = """
			包裹星期一早上已经交给快递公司，但是物流页面仍然显示它在仓库里等待。请您帮忙查一下，告诉我什么时候可以收到？如果已经丢失，\
			我宁愿退款，也不想再等第二次发货。顺便说一句，我三月份订购的那盏灯非常好用，邻居们都来问我在哪里可以买到。
			""";

	private static final String JAPANESE = """
			荷物は月曜日の朝に運送会社へ渡されましたが、追跡ページではまだ倉庫で待機中と表示されています。いつ届くのか確認していただけますか。\
			紛失した場合は、再配達を待つよりも返金を希望します。ちなみに、三月に注文したランプはとても調子が良いです。
			""";

	private static final String KOREAN = """
			소포는 월요일 아침에 택배 회사에 전달되었지만 배송 조회 페이지에는 아직 창고에서 대기 중이라고 나옵니다. 언제 받을 수 있는지 확인해 \
			주시겠어요? 분실되었다면 다시 기다리는 것보다 환불을 받고 싶습니다.
			""";

	private static final String JAVA = """
			/** Sums what the open orders of a customer are worth. */
			public BigDecimal openAmount(Customer customer) {
				BigDecimal total = BigDecimal.ZERO;
				for (Order order : this.orderRepository.findByCustomerId(customer.getId())) {
					if (order.getStatus() != OrderStatus.PAID && order.getAmount() != null) {
						total = total.add(order.getAmount().setScale(2, RoundingMode.HALF_UP));
					}
				}
				return total;
			}
			""";

	private static final String JSON = """
			{
			  "id": 48213,
			  "customer": { "name": "Anna Weber", "email": "anna.weber@example.org", "since": "2019-04-12" },
			  "items": [
			    { "sku": "A-1009", "quantity": 2, "price": 19.95, "tags": ["lamp", "indoor"] },
			    { "sku": "B-77", "quantity": 1, "price": 249.0, "tags": [] }
			  ],
			  "paid": false,
			  "note": null
			}
			""";

	private static final String LOG = """
			2026-03-14T09:26:53.589Z  INFO [orders,8f0c1b7e] c.e.orders.OrderController : Order 58213 accepted in 42 ms
			2026-03-14T09:26:54.102Z  WARN [orders,9a1b22c4] c.e.orders.StockClient : Stock answered 503, retry 1 of 3
			2026-03-14T09:26:55.640Z ERROR [orders,9a1b22c4] c.e.orders.OrderService : Order 58214 failed after 1538 ms
			""";

	private SampleTexts() {
	}

	/** Natural language by its name. */
	static Map<String, String> languages() {
		Map<String, String> texts = new LinkedHashMap<>();
		texts.put("English", ENGLISH);
		texts.put("German", GERMAN);
		texts.put("French", FRENCH);
		texts.put("Spanish", SPANISH);
		texts.put("Polish", POLISH);
		texts.put("Russian", RUSSIAN);
		texts.put("Greek", GREEK);
		texts.put("Arabic", ARABIC);
		texts.put("Hindi", HINDI);
		texts.put("Chinese", CHINESE);
		texts.put("Japanese", JAPANESE);
		texts.put("Korean", KOREAN);
		return texts;
	}

	/** Natural language, code and data by its name. */
	static Map<String, String> natural() {
		Map<String, String> texts = languages();
		texts.put("Java", JAVA);
		texts.put("JSON", JSON);
		texts.put("log", LOG);
		return texts;
	}

	/** The same kinds, of the given length and no two alike, and mixtures of them. */
	static Map<String, String> longNatural(int length, long seed) {
		Random random = new Random(seed);
		Map<String, String> texts = new LinkedHashMap<>();
		natural().forEach((name, text) -> texts.put(name, shuffled(length, random, List.of(text))));
		texts.put("English, Chinese", shuffled(length, random, List.of(ENGLISH, CHINESE)));
		texts.put("Java, JSON, German", shuffled(length, random, List.of(JAVA, JSON, GERMAN)));
		texts.put("all", shuffled(length, random, List.copyOf(natural().values())));
		texts.put("English, then JSON",
				texts.get("English").substring(0, length / 2) + texts.get("JSON").substring(0, length - length / 2));
		return texts;
	}

	/**
	 * Pieces of random length of one text after the other, so that mixtures are uneven.
	 */
	private static String shuffled(int length, Random random, List<String> sources) {
		List<String[]> split = sources.stream().map((source) -> source.split("(?<=[\\s，。、])")).toList();
		StringBuilder text = new StringBuilder();
		while (text.length() < length) {
			String[] words = split.get(random.nextInt(split.size()));
			int repeats = 1 + random.nextInt(5);
			for (int i = 0; i < repeats; i++) {
				int from = random.nextInt(words.length);
				int to = from + random.nextInt(words.length - from);
				for (int word = from; word < to; word++) {
					text.append(words[word]);
				}
				text.append(random.nextInt(100_000)).append('\n');
			}
		}
		return text.substring(0, length);
	}

	/** Shapes of the given length that take long to count exactly. */
	static Map<String, String> hostile(int length, long seed) {
		Random random = new Random(seed);
		Map<String, String> texts = new LinkedHashMap<>();
		texts.put("one letter", "a".repeat(length));
		texts.put("random lower-case letters", random(length, () -> letter(random, 'a', 26)));
		texts.put("random letters", random(length, () -> letter(random, random.nextBoolean() ? 'a' : 'A', 26)));
		texts.put("blanks", " ".repeat(length));
		texts.put("line ends", "\n".repeat(length));
		texts.put("blanks and line ends", random(length, () -> random.nextBoolean() ? " " : "\n"));
		texts.put("punctuation", random(length, () -> letter(random, '!', 15)));
		texts.put("dots", ".".repeat(length));
		texts.put("digits", random(length, () -> letter(random, '0', 10)));
		texts.put("base64", base64(length, random));
		texts.put("random ideographs", random(length, () -> letter(random, '\u4E00', 20_000)));
		texts.put("random kana", random(length, () -> letter(random, '\u3041', 80)));
		texts.put("random syllables", random(length, () -> letter(random, '\uAC00', 11_000)));
		texts.put("random Cyrillic", random(length, () -> letter(random, '\u0430', 32)));
		texts.put("random Thai", random(length, () -> letter(random, '\u0E01', 46)));
		texts.put("emoji", random(length, () -> Character.toString(0x1F300 + random.nextInt(500))));
		texts.put("joined emoji", random(length, () -> Character.toString(0x1F300 + random.nextInt(500)) + '\u200D'));
		texts.put("combining marks", random(length, () -> letter(random, '\u0300', 112)));
		texts.put("rare ideographs", random(length, () -> Character.toString(0x20000 + random.nextInt(40_000))));
		texts.put("private use", random(length, () -> letter(random, '\uE000', 6_000)));
		texts.put("lone surrogates", random(length, () -> letter(random, '\uD800', 1_000)));
		texts.put("control characters", random(length, () -> letter(random, '\0', 32)));
		texts.put("any characters", random(length, () -> letter(random, '\u0080', 0xD000)));
		return texts;
	}

	private static String random(int length, Supplier<String> next) {
		StringBuilder text = new StringBuilder(length + 4);
		while (text.length() < length) {
			text.append(next.get());
		}
		return text.substring(0, length);
	}

	private static String letter(Random random, char first, int count) {
		return String.valueOf((char) (first + random.nextInt(count)));
	}

	private static String base64(int length, Random random) {
		byte[] bytes = new byte[length];
		random.nextBytes(bytes);
		return Base64.getEncoder().encodeToString(bytes).substring(0, length);
	}

}
