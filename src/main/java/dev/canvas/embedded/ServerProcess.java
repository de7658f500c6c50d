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
 * A server's process and its children. It is found by the directory that it serves, never by its
 * process id alone, because the system reuses the id of a process that has ended.
 */
record ServerProcess(ProcessHandle handle) {

  private static final Path PROC = Path.of("/proc");
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 5;

  /**
   * Finds the servers that run in a directory: processes of the given programs that have it as
   * their working directory (Linux) or among their arguments (elsewhere), without their children.
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
    // Linux appends " (deleted)" to the path of a program whose file was deleted.
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
        return false; // It has just ended, or belongs to another user.
      }
    }
    return process.info().arguments().stream()
        .flatMap(Stream::of)
        .anyMatch(argument -> argument.equals(directory.toString()));
  }

  long pid() {
    return handle.pid();
  }

  /**
   * Whether the process runs. A zombie, which has ended but was not reaped by its parent, does not.
   */
  boolean isAlive() {
    return handle.isAlive() && !isZombie();
  }

  private boolean isZombie() {
    try {
      String stat = Files.readString(PROC.resolve(pid() + "/stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z'; // proc_pid_stat(5)
    } catch (IOException e) {
      return false; // There is no /proc, or the process has ended, which isAlive() of the handle
      // reports.
    }
  }

  /**
   * Sends a signal and waits until the process and its children have ended. Kills those that still
   * run after {@code grace}.
   *
   * @param signal as {@code kill} names it, such as {@code INT}
   * @return false if a process had to be killed
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

  /**
   * Kills the process and its children with SIGKILL. Returns when they have ended, or after 2 s.
   */
  void kill() {
    List<ServerProcess> tree = tree();
    tree.forEach(process -> process.handle.destroyForcibly());
    awaitEnd(tree, KILL_TIMEOUT);
  }

  /**
   * The process and its children, itself first: otherwise a postmaster could replace a child that
   * was killed.
   */
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
    try { // The JDK can send only TERM and KILL; every shell has a kill command.
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
          interrupted = true; // Goes on, because an orphan would be worse than a second's delay.
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
