package dev.canvas.http.access;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;

/** Why a write is refused, and what the client is told (RFC 6750, section 3). */
enum Refusal {
  /** Nothing that this service understands was given, so there is no error to name. */
  NO_CREDENTIAL(
      Problem.UNAUTHENTICATED,
      "realm=\"canvas\"",
      "Writing needs a credential: expected the header 'Authorization: Bearer ...'"),
  MALFORMED_CREDENTIAL(
      Problem.UNAUTHENTICATED,
      "error=\"invalid_token\"",
      "The header Authorization is malformed: expected 'Bearer' and one credential, once"),
  UNKNOWN_KEY(Problem.UNAUTHENTICATED, "error=\"invalid_token\"", "The key is not known here"),
  INVALID_TOKEN(
      Problem.UNAUTHENTICATED,
      "error=\"invalid_token\"",
      "The token is malformed, expired, not valid yet, not signed as it has to be, or meant for"
          + " another service"),
  INSUFFICIENT_SCOPE(
      Problem.FORBIDDEN,
      "error=\"insufficient_scope\", scope=\"" + Refusal.SCOPE + "\"",
      "The token does not have the scope " + Refusal.SCOPE);

  /** What a token has to allow. */
  static final String SCOPE = "media:write";

  private final Problem problem;
  private final String challenge;
  private final String detail;

  /**
   * @param detail goes into a quoted text of the challenge: no quotes, no backslashes, ASCII
   */
  Refusal(Problem problem, String parameters, String detail) {
    this.problem = problem;
    this.challenge =
        "Bearer "
            + parameters
            + (parameters.startsWith("error") ? ", error_description=\"" + detail + '"' : "");
    this.detail = detail;
  }

  /** The value of WWW-Authenticate. */
  String challenge() {
    return challenge;
  }

  /** What the request fails with. */
  ProblemException because() {
    return problem.because("%s", detail);
  }

  /** Its name in the metrics. */
  String reason() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
