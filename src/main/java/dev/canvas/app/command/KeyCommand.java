package dev.canvas.app.command;

import dev.canvas.http.access.AccessSettings;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a key that allows writing. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Creates a key that allows writing, and prints it with its entry for auth.keys.",
      "The key itself is not stored: the configuration holds its hash."
    })
public final class KeyCommand implements Callable<Integer> {

  private static final int KEY_BYTES = 32;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "writer",
      description = "who will use the key (default: ${DEFAULT-VALUE})")
  private String name;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!name.matches("[\\w.-]{1,64}")) {
      throw new ParameterException(
          spec.commandLine(),
          "invalid NAME '" + name + "': expected at most 64 letters, digits, '.', '_' and '-'");
    }
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    PrintWriter out = spec.commandLine().getOut();
    out.println("The key, which is not shown again. Send it as 'Authorization: Bearer KEY':");
    out.println("  " + key);
    out.println("Its entry for auth.keys in conf/canvas.yaml, or for CANVAS_AUTH_KEYS:");
    out.println("  " + name + ":" + AccessSettings.Keys.hash(key));
    out.flush();
    return 0;
  }
}
