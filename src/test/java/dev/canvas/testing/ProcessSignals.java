package dev.canvas.testing;

import java.io.IOException;

/** Sends signals to a server and its child processes. */
public final class ProcessSignals {

  private ProcessSignals() {}

  /** Stops the processes with SIGSTOP. Their sockets stay open. */
  public static void freeze(long pid) {
    send("STOP", pid);
  }

  /** Continues frozen processes with SIGCONT. */
  public static void thaw(long pid) {
    send("CONT", pid);
  }

  private static void send(String signal, long pid) {
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    kill(signal, pid);
    server.descendants().forEach(child -> kill(signal, child.pid()));
  }

  private static void kill(String signal, long pid) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
