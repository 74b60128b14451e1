package io.github.llmratelimit.sample.prompts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Questions, documents and jobs in sizes that vary as in practice: many short ones, few
 * very long ones (lognormal). The same random numbers give the same texts.
 */
public final class Prompts {

	/*
	 * Sizes are steered by UTF-8 bytes, since four of them are about one token in every
	 * language and in code, while characters per token range from 0.6 to 5.5. Good enough
	 * for a demo, and no tokenizer is needed here.
	 */
	private static final int BYTES_PER_TOKEN = 4;

	private static final int MAX_DOCUMENT_BYTES = 20_000 * BYTES_PER_TOKEN;

	private static final Size QUESTION = new Size(80, 1.0, 2_000 * BYTES_PER_TOKEN);

	private static final Size DOCUMENT = new Size(2_500, 0.9, MAX_DOCUMENT_BYTES);

	private static final Size JOB = new Size(250, 0.8, 4_000 * BYTES_PER_TOKEN);

	private final List<String> questions;

	private final List<String> documents;

	private final List<String> jobs;

	private final boolean wholeDocuments;

	private Prompts(List<String> questions, List<String> documents, List<String> jobs, boolean wholeDocuments) {
		this.questions = questions;
		this.documents = documents;
		this.jobs = jobs;
		this.wholeDocuments = wholeDocuments;
	}

	/**
	 * Returns the texts that come with the sample.
	 * @return the prompts
	 */
	public static Prompts builtIn() {
		return new Prompts(BuiltInTexts.questions(), BuiltInTexts.documents(), BuiltInTexts.jobs(), false);
	}

	/**
	 * Returns prompts whose documents are the text files of a folder, each taken as it
	 * is.
	 * @param folder the folder; its sub-folders count
	 * @return the prompts
	 * @throws InvalidCorpusException if there is no text in it
	 */
	public static Prompts of(Path folder) {
		return new Prompts(BuiltInTexts.questions(), Corpus.read(folder), BuiltInTexts.jobs(), true);
	}

	/**
	 * Returns a question, about 80 tokens in the median and at most about 2,000.
	 * @param random chooses
	 * @return the question
	 */
	public String question(RandomGenerator random) {
		return compose(this.questions, QUESTION, random);
	}

	/**
	 * Returns a document. A built-in one has about 2,500 tokens in the median; all have
	 * at most about 20,000.
	 * @param random chooses
	 * @return the document
	 */
	public String document(RandomGenerator random) {
		if (this.wholeDocuments) {
			return cut(this.documents.get(random.nextInt(this.documents.size())), MAX_DOCUMENT_BYTES);
		}
		return compose(this.documents, DOCUMENT, random);
	}

	/**
	 * Returns a job, about 250 tokens in the median and at most about 4,000.
	 * @param random chooses
	 * @return the job
	 */
	public String job(RandomGenerator random) {
		return compose(this.jobs, JOB, random);
	}

	/**
	 * Appends texts as long as they fit the size, so that none is cut short. The first
	 * one is always taken.
	 */
	private static String compose(List<String> texts, Size size, RandomGenerator random) {
		long wanted = size.bytes(random);
		StringBuilder result = new StringBuilder(texts.get(random.nextInt(texts.size())));
		long bytes = utf8Length(result.toString());
		while (true) {
			String next = texts.get(random.nextInt(texts.size()));
			bytes += utf8Length(next);
			if (bytes > wanted) {
				return cut(result.toString(), size.maxBytes());
			}
			result.append("\n\n").append(next);
		}
	}

	private static String cut(String text, int maxBytes) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (bytes.length <= maxBytes) {
			return text;
		}
		int end = maxBytes;
		while ((bytes[end] & 0xC0) == 0x80) {
			end--;
		}
		return new String(bytes, 0, end, StandardCharsets.UTF_8);
	}

	private static int utf8Length(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	/**
	 * A lognormal distribution of sizes.
	 *
	 * @param medianTokens about how many tokens half of the texts stay below
	 * @param sigma spread: the 99th percentile is the median times e^(2.33 sigma)
	 * @param maxBytes most bytes
	 */
	private record Size(int medianTokens, double sigma, int maxBytes) {

		long bytes(RandomGenerator random) {
			double bytes = this.medianTokens * BYTES_PER_TOKEN * Math.exp(this.sigma * random.nextGaussian());
			return Math.min(this.maxBytes, Math.round(bytes));
		}

	}

}
