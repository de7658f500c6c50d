package dev.canvas.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another JVM that starts the servers on a directory and owns them until it is killed. */
final class OwnerProcess implements AutoCloseable {

  private final Process process;

  private OwnerProcess(Process process) {
    this.process = process;
  }

  /** Starts the JVM and returns when its servers run. */
  static OwnerProcess start(Path dataDirectory) throws IOException {
    return startUntil("ready", dataDirectory);
  }

  /** Starts the JVM and returns when it reports the step. */
  static OwnerProcess startUntil(String step, Path dataDirectory) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OwnerProcess.class.getName(),
                dataDirectory.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder output = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(step)) {
        return new OwnerProcess(process);
      }
      output.append(line).append('\n');
    }
    throw new IOException("the other JVM did not report '" + step + "': " + output);
  }

  long pid() {
    return process.pid();
  }

  /** Kills the JVM with SIGKILL. Its servers go on. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Runs in the other JVM. */
  public static void main(String[] arguments) throws IOException {
    EmbeddedServers servers =
        EmbeddedServers.start(Path.of(arguments[0]), RunningServers.BINARIES, System.out::println);
    System.out.println("ready");
    System.out.flush();
    System.in.transferTo(
        OutputStream.nullOutputStream()); // Blocks until the test ends or kills this JVM.
    servers.close();
  }
}
