package dev.canvas.app.doctor;

/**
 * One thing that the doctor looked at. Immutable.
 *
 * @param verdict how bad it is
 * @param subject what was looked at
 * @param observation what was seen
 * @param remedy what to do; empty where all is well
 */
public record Finding(Verdict verdict, String subject, String observation, String remedy) {

  public enum Verdict {
    OK,
    WARN,
    FAIL
  }

  public static Finding ok(String subject, String observation) {
    return new Finding(Verdict.OK, subject, observation, "");
  }

  public static Finding warn(String subject, String observation, String remedy) {
    return new Finding(Verdict.WARN, subject, observation, remedy);
  }

  public static Finding fail(String subject, String observation, String remedy) {
    return new Finding(Verdict.FAIL, subject, observation, remedy);
  }

  /** Good where the condition holds, else a warning. */
  public static Finding unless(boolean good, String subject, String observation, String remedy) {
    return good ? ok(subject, observation) : warn(subject, observation, remedy);
  }
}
