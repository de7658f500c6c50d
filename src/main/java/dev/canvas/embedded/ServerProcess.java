package dev.canvas.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One process of a server: found by the directory that it serves, never by a process id alone,
 * because the system gives the id of a dead server to other programs.
 */
record ServerProcess(ProcessHandle handle) {

  private static final Path PROC = Path.of("/proc");
  private static final Duration DEATH = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 5;

  /**
   * The servers that run in a directory: those of the named programs which have it as their working
   * directory (Linux) or name it in their arguments (elsewhere); of a process and its children only
   * the process.
   */
  static List<ServerProcess> runningIn(Path directory, Set<String> programs) {
    List<ProcessHandle> found =
        ProcessHandle.allProcesses()
            .filter(process -> runs(process, programs) && serves(process, directory))
            .toList();
    return found.stream()
        .filter(process -> process.parent().filter(found::contains).isEmpty())
        .map(ServerProcess::new)
        .toList();
  }

  private static boolean runs(ProcessHandle process, Set<String> programs) {
    // Linux adds " (deleted)" to a program whose file is gone.
    return process
        .info()
        .command()
        .map(command -> Path.of(command.replaceFirst(" \\(deleted\\)$", "")).getFileName())
        .filter(name -> programs.contains(name.toString()))
        .isPresent();
  }

  private static boolean serves(ProcessHandle process, Path directory) {
    Path cwd = PROC.resolve(process.pid() + "/cwd");
    if (Files.isDirectory(PROC.resolve("self"))) {
      try {
        return Files.isSameFile(cwd, directory);
      } catch (IOException e) {
        return false; // It has just ended, or it is another user's.
      }
    }
    return process.info().arguments().stream()
        .flatMap(Stream::of)
        .anyMatch(argument -> argument.equals(directory.toString()));
  }

  long pid() {
    return handle.pid();
  }

  /** Whether it runs; a process that has ended and was not yet collected by its parent does not. */
  boolean isAlive() {
    return handle.isAlive() && !isZombie();
  }

  private boolean isZombie() {
    try {
      String stat = Files.readString(PROC.resolve(pid() + "/stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z'; // proc_pid_stat(5)
    } catch (IOException e) {
      return false; // No /proc here, or it is gone by now, which isAlive() of the handle tells.
    }
  }

  /**
   * Sends a signal, waits until the process and its children have ended, and kills what is left
   * after {@code grace}.
   *
   * @param signal a name that {@code kill} knows, such as {@code INT}
   * @return false when something had to be killed
   */
  boolean stop(String signal, Duration grace) {
    List<ServerProcess> tree = tree();
    signal(signal);
    if (awaitEnd(tree, grace)) {
      return true;
    }
    kill();
    return false;
  }

  /** SIGKILL for the process and its children; returns when they are gone, or after 2 s. */
  void kill() {
    List<ServerProcess> tree = tree();
    tree.forEach(process -> process.handle.destroyForcibly());
    awaitEnd(tree, DEATH);
  }

  /** This process first, so that a postmaster cannot replace a child that was killed before it. */
  private List<ServerProcess> tree() {
    return Stream.concat(Stream.of(handle), handle.descendants()).map(ServerProcess::new).toList();
  }

  private void signal(String signal) {
    if (!isAlive()) {
      return;
    }
    if (signal.equals("TERM")) {
      handle.destroy();
      return;
    }
    try { // The JDK sends TERM and KILL only; every shell has a kill of its own.
      new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      handle.destroy();
    }
  }

  private static boolean awaitEnd(List<ServerProcess> processes, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (processes.stream().anyMatch(ServerProcess::isAlive)) {
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        try {
          TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
          interrupted = true; // Stopping goes on: an orphan would be worse than a second's delay.
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
