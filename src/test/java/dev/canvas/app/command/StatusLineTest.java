package dev.canvas.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The progress of a command, in a terminal and elsewhere. */
class StatusLineTest {

  private final StringWriter screen = new StringWriter();

  @Test
  void terminalShowsOneLineThatIsUpdatedAndNotWrapped() {
    StatusLine status = StatusLine.of(new PrintWriter(screen), true);
    status.show("one third", true);
    status.show("too soon", false);
    status.show("all", true);
    status.line("Done");
    status.line("really");
    assertEquals(
        "\r\u001b[K\u001b[?7lone third\u001b[?7h\r\u001b[K\u001b[?7lall\u001b[?7h\nDone\nreally\n",
        screen.toString());
  }

  @Test
  void otherOutputGetsPlainLines() {
    StatusLine status = StatusLine.of(new PrintWriter(screen), false);
    status.show("one third", true);
    status.show("too soon", false);
    status.line("Done");
    assertEquals("one third\nDone\n", screen.toString());
  }
}
