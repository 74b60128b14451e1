package io.github.llmratelimit.tokens;

/**
 * Something per character, in equally long strata: each window stands for its stratum,
 * however short the text that it was taken from. Not thread-safe.
 */
final class Densities {

	private final double[] values;

	private int count;

	private double sum;

	Densities(int capacity) {
		this.values = new double[capacity];
	}

	void add(double amount, int characters) {
		double value = amount / Math.max(1, characters);
		this.values[this.count++] = value;
		this.sum += value;
	}

	double mean() {
		return this.sum / Math.max(1, this.count);
	}

	/**
	 * Return the standard error of the mean, relative to it.
	 * @return the error of a simple random sample; strata make it smaller
	 */
	double error() {
		double mean = mean();
		double squares = 0;
		for (int i = 0; i < this.count; i++) {
			squares += (this.values[i] - mean) * (this.values[i] - mean);
		}
		return error(squares);
	}

	/**
	 * Return the standard error of the ratio of this mean to another one, relative to it.
	 * @param other the same windows' other densities
	 * @return the error of a ratio estimate
	 */
	double ratioError(Densities other) {
		double ratio = this.sum / other.sum;
		double squares = 0;
		for (int i = 0; i < this.count; i++) {
			double residual = this.values[i] - ratio * other.values[i];
			squares += residual * residual;
		}
		return error(squares);
	}

	private double error(double squares) {
		return (this.sum > 0) ? Math.sqrt(squares * this.count / Math.max(1, this.count - 1)) / this.sum : 0;
	}

}
