package dev.canvas.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Where a command says how far it is. */
class StatusLineTest {

  private final StringWriter screen = new StringWriter();

  @Test
  void inATerminalOneLineChangesAndNeverFillsASecond() {
    StatusLine status = StatusLine.of(new PrintWriter(screen), true);
    status.show("a third", true);
    status.show("too soon", false);
    status.show("all", true);
    status.line("Done");
    status.line("really");
    assertEquals(
        "\r\u001b[K\u001b[?7la third\u001b[?7h\r\u001b[K\u001b[?7lall\u001b[?7h\nDone\nreally\n",
        screen.toString());
  }

  @Test
  void elsewhereItIsPlainLines() {
    StatusLine status = StatusLine.of(new PrintWriter(screen), false);
    status.show("a third", true);
    status.show("too soon", false);
    status.line("Done");
    assertEquals("a third\nDone\n", screen.toString());
  }
}
