package dev.canvas.data.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoopTimeTest {

  private static final double EXACT = 1e-6;

  private final FakeClock clock = new FakeClock();
  private final LoopTime time = new LoopTime(clock);

  @Test
  void aTurnCountsOnceHoweverLongItTakes() {
    time.resume();
    turn(5_000, 0);
    turn(5, 0);
    assertEquals(2, time.ticks());
    assertEquals(1, time.turns());
  }

  @Test
  void turnsAreFiftyMillisecondsApart() {
    time.resume();
    for (int ms = 0; ms < 200; ms += 5) {
      turn(5, 0);
    }
    assertEquals(40, time.ticks());
    assertEquals(4, time.turns());
  }

  @Test
  void aPunctualLoopIsNotLateAlthoughItIsBusy() {
    time.resume();
    turn(5, 5);
    turn(5, 5);
    assertEquals(0, time.takeLateMs(), EXACT);
  }

  @Test
  void aLoopThatWorksForLongerThanATickIsLate() {
    time.resume();
    turn(25, 25);
    turn(25, 25);
    assertEquals(20, time.takeLateMs(), EXACT);
    assertEquals(0, time.takeLateMs(), EXACT);
  }

  @Test
  void whatOtherProcessesTakeCountsATenth() {
    time.resume();
    turn(45, 0);
    assertEquals(4, time.takeLateMs(), EXACT);
    turn(25, 5);
    assertEquals(4, time.takeLateMs(), EXACT);
  }

  @Test
  void aPauseIsNoLateness() {
    time.resume();
    turn(5, 1);
    clock.turn(60_000, 60_000);
    time.resume();
    turn(5, 1);
    assertEquals(0, time.takeLateMs(), EXACT);
  }

  private void turn(long ms, long cpuMs) {
    clock.turn(ms, cpuMs);
    time.tick();
  }
}
