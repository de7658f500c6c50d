package dev.canvas.media;

/** The outcome of one change of a bulk. Immutable. */
public sealed interface Outcome {

  /**
   * The change is durable, or there was nothing to change.
   *
   * @param version the product's version after the change
   * @param effect what the change did
   */
  record Made(long version, Written.Effect effect) implements Outcome {

    /** The outcome of a change that succeeded, without the media. */
    public static Made of(Written written) {
      return new Made(written.version(), written.effect());
    }
  }

  /**
   * The change was not made; with {@link Problem#OUTCOME_UNKNOWN} it may have been.
   *
   * @param problem the reason
   */
  record Refused(ProblemException problem) implements Outcome {

    /** The outcome of a change that failed. Hides the details of failures that are not problems. */
    public static Refused because(Throwable failure) {
      return new Refused(
          failure instanceof ProblemException problem ? problem : Problem.internal());
    }
  }
}
