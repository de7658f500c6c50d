package dev.canvas.app.command;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Reads the release from the manifest of the jar. */
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"Canvas " + number() + " on Java " + Runtime.version().feature()};
  }

  static String number() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }
}
