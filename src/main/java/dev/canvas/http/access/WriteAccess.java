package dev.canvas.http.access;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Decides whether the bearer of a credential may write. Confined to one event loop. */
@FunctionalInterface
interface WriteAccess {

  /**
   * Returns why the bearer may not write; empty if the bearer may. Does no I/O.
   *
   * @param credential what follows {@code Bearer}: ASCII, not empty
   */
  Optional<Refusal> refusal(String credential);

  /** Accepts the keys whose hashes are in the settings. */
  static WriteAccess byKey(AccessSettings.Keys settings) {
    List<byte[]> hashes = settings.hashes().stream().map(WriteAccess::bytes).toList();
    return credential -> {
      byte[] hash = bytes(AccessSettings.Keys.hash(credential));
      // Compares every hash, each as a whole, so that the time it takes reveals nothing.
      boolean known = false;
      for (byte[] each : hashes) {
        known |= MessageDigest.isEqual(each, hash);
      }
      return known ? Optional.empty() : Optional.of(Refusal.UNKNOWN_KEY);
    };
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(StandardCharsets.US_ASCII);
  }

  /** Why a write is refused, with the client's challenge (RFC 6750, section 3). */
  enum Refusal {
    /** The request has no Bearer credential; without one the challenge names no error. */
    NO_CREDENTIAL(
        Problem.UNAUTHENTICATED,
        "realm=\"canvas\"",
        "Writing needs a credential: expected the header 'Authorization: Bearer ...'"),
    MALFORMED_CREDENTIAL(
        Problem.UNAUTHENTICATED,
        "error=\"invalid_token\"",
        "The Authorization header is malformed: expected it once, with 'Bearer' and one"
            + " credential"),
    UNKNOWN_KEY(Problem.UNAUTHENTICATED, "error=\"invalid_token\"", "The key is not valid here"),
    INVALID_TOKEN(
        Problem.UNAUTHENTICATED,
        "error=\"invalid_token\"",
        "The token is malformed, expired, not valid yet, issued for another service, or its"
            + " signature is not valid"),
    /** Nothing is wrong with the token, as far as is known. */
    NO_KEYS(
        Problem.UNAVAILABLE,
        "realm=\"canvas\"",
        "The issuer has not published its keys yet, so tokens cannot be checked; retry in a"
            + " second"),
    INSUFFICIENT_SCOPE(
        Problem.FORBIDDEN,
        "error=\"insufficient_scope\", scope=\"" + Refusal.SCOPE + "\"",
        "The token lacks the scope " + Refusal.SCOPE);

    /** The scope that a token needs. */
    static final String SCOPE = "media:write";

    private final Problem problem;
    private final String challenge;
    private final String detail;

    /**
     * @param detail part of a quoted string in the challenge: ASCII, no quotes, no backslashes
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

    /** The problem that the request fails with. */
    ProblemException toProblem() {
      return problem.because("%s", detail);
    }
  }
}
