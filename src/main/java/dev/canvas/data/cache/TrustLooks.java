package dev.canvas.data.cache;

import dev.canvas.data.store.CacheTrust;

/**
 * Asks the store again and again which Redis may be trusted. A question does not wait for the
 * answer to the last one: if the store is slow, the process learns that the trust has ended as
 * early as the writer that has ended it, and so before that writer confirms anything. Belongs to
 * one event loop. See {@code docs/adr/0035-what-ends-the-trust.md}.
 */
public final class TrustLooks {

  /** Questions without an answer at a time; the connection fails them before there are more. */
  private static final int MAX_WAITING = 20;

  private final CacheTrust trust;
  private final TrustedRedis trusted;
  private int waiting;
  private boolean answered;

  /**
   * @param trusted learns each answer
   */
  public TrustLooks(CacheTrust trust, TrustedRedis trusted) {
    this.trust = trust;
    this.trusted = trusted;
  }

  /** Asks once; to be called at regular times. */
  public void look() {
    if (waiting > 0 && !answered) {
      trusted.unanswered();
    }
    answered = false;
    if (waiting == MAX_WAITING) {
      return;
    }
    waiting++;
    long askedNanos = trusted.now();
    trust
        .generation()
        .onComplete(
            generation -> {
              waiting--;
              answered = true;
              trusted.answered(generation, askedNanos);
            },
            unreachable -> {
              waiting--;
              trusted.unanswered();
            });
  }
}
