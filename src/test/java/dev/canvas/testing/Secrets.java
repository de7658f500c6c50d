package dev.canvas.testing;

/**
 * The passwords and keys that tests set. Each has a part by which it is found wherever it should
 * not be shown: {@link SecretWatch} looks at every log line, answer and message, and {@code
 * CanvasProcess} at everything that a process prints.
 */
public final class Secrets {

  private static final String PART = "hushhush";

  private Secrets() {}

  /** A secret that is found again. */
  public static String secret(String text) {
    return PART + text;
  }

  /** Whether a text shows a secret. */
  public static boolean isShownIn(String text) {
    return text.contains(PART);
  }
}
