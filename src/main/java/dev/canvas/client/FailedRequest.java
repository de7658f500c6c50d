package dev.canvas.client;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Tells which problem a request that failed on the event bus has met. Not instantiable. */
public final class FailedRequest {

  private FailedRequest() {}

  /** The problem to report for a request that changes nothing. */
  public static ProblemException problem(Throwable failure) {
    if (failure instanceof ReplyException reply) {
      return switch (reply.failureType()) {
        case NO_HANDLERS ->
            Problem.UNAVAILABLE.because(
                "No data verticle can be reached; start one with the role 'data'");
        case TIMEOUT -> noAnswer();
        default -> ProblemException.fromJson(reply.getMessage());
      };
    }
    return failure instanceof ProblemException unreadable
        ? unreadable
        : Problem.INTERNAL.because("%s", failure);
  }

  /** The problem to report for a write. */
  public static ProblemException ofWrite(Throwable failure) {
    // An answer that cannot be read says nothing either.
    return failure instanceof ProblemException || isUnanswered(failure)
        ? noAnswerToWrite()
        : problem(failure);
  }

  /** The problem of a request that changes nothing and was not answered in time. */
  public static ProblemException noAnswer() {
    return Problem.UNAVAILABLE.because(
        "The data verticle did not answer in time; retry the request");
  }

  /** The problem of a write that was not answered in time. */
  public static ProblemException noAnswerToWrite() {
    return Problem.OUTCOME_UNKNOWN.because(
        "The data verticle did not answer in time. The change may have been made, or may still be"
            + " made: read the product again");
  }

  private static boolean isUnanswered(Throwable failure) {
    return failure instanceof ReplyException reply
        && (reply.failureType() == ReplyFailure.TIMEOUT
            || reply.failureType() == ReplyFailure.ERROR);
  }
}
