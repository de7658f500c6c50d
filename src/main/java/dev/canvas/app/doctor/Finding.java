package dev.canvas.app.doctor;

import dev.canvas.media.Redactor;
import io.vertx.core.json.JsonObject;

/**
 * The result of one check. Immutable.
 *
 * @param verdict how serious it is
 * @param subject what was checked
 * @param observation what was found
 * @param remedy what to do; empty if nothing is wrong
 */
public record Finding(Verdict verdict, String subject, String observation, String remedy) {

  /** How serious a finding is; with {@link #FAIL} the service cannot run, or not as configured. */
  public enum Verdict {
    OK,
    WARN,
    FAIL
  }

  /** Takes out the secrets. */
  public Finding {
    observation = Redactor.redact(observation);
    remedy = Redactor.redact(remedy);
  }

  /** Its members; {@code remedy} only if something is wrong. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("verdict", verdict.name())
            .put("subject", subject)
            .put("observation", observation);
    return remedy.isEmpty() ? json : json.put("remedy", remedy);
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

  static Finding warnUnless(boolean good, String subject, String observation, String remedy) {
    return good ? ok(subject, observation) : warn(subject, observation, remedy);
  }

  static Finding failUnless(boolean good, String subject, String observation, String remedy) {
    return good ? ok(subject, observation) : fail(subject, observation, remedy);
  }
}
