package dev.canvas.media;

/** What came of one change of a bulk. Immutable. */
public sealed interface Outcome {

  /**
   * The change is durable, or there was nothing to change.
   *
   * @param version the product's version afterwards
   * @param effect what it did
   */
  record Made(long version, Written.Effect effect) implements Outcome {

    /** The same without the media. */
    public static Made of(Written written) {
      return new Made(written.version(), written.effect());
    }
  }

  /**
   * The change was not made, or, with {@link Problem#OUTCOME_UNKNOWN}, may have been.
   *
   * @param problem the reason
   */
  record Refused(ProblemException problem) implements Outcome {

    /** What a caller can be told of a failure. */
    public static Refused because(Throwable failure) {
      return new Refused(
          failure instanceof ProblemException told
              ? told
              : Problem.INTERNAL.because("The reason is in the service's log"));
    }
  }
}
