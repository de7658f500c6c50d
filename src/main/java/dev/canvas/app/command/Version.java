package dev.canvas.app.command;

import dev.canvas.app.Main;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The release that runs, from the jar's manifest. */
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"Canvas " + number() + " on Java " + Runtime.version().feature()};
  }

  static String number() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "development");
  }
}
