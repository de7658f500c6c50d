package dev.canvas.app;

/**
 * One thing that the doctor looked at. Immutable.
 *
 * @param verdict how bad it is
 * @param subject what was looked at
 * @param observation what was seen
 * @param remedy what to do; empty where all is well
 */
record Finding(Verdict verdict, String subject, String observation, String remedy) {

  enum Verdict {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String subject, String observation) {
    return new Finding(Verdict.OK, subject, observation, "");
  }

  static Finding warn(String subject, String observation, String remedy) {
    return new Finding(Verdict.WARN, subject, observation, remedy);
  }

  static Finding fail(String subject, String observation, String remedy) {
    return new Finding(Verdict.FAIL, subject, observation, remedy);
  }

  /** Good where the condition holds, else a warning. */
  static Finding unless(boolean good, String subject, String observation, String remedy) {
    return good ? ok(subject, observation) : warn(subject, observation, remedy);
  }
}
