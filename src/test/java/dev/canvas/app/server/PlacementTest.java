package dev.canvas.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.server.Placement.Seat;
import dev.canvas.control.Role;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PlacementTest {

  @Test
  void theFirstMayRunAnywhere() {
    assertTrue(new Placement(2, List.of()).suits(Role.DATA, "a"));
  }

  @Test
  void anotherRunsOnALoopThatHasNone() {
    Placement one = new Placement(2, List.of(new Seat(Role.DATA, "a")));
    assertFalse(one.suits(Role.DATA, "a"));
    assertTrue(one.suits(Role.DATA, "b"));
  }

  @Test
  void whereEachLoopHasOneAnyWillDo() {
    Placement full = new Placement(2, List.of(new Seat(Role.DATA, "a"), new Seat(Role.DATA, "b")));
    assertTrue(full.suits(Role.DATA, "a"));
    assertTrue(full.suits(Role.DATA, "b"));
  }

  @Test
  void amongEmptyLoopsTheOneWithTheOtherRoleIsTaken() {
    Placement http = new Placement(3, List.of(new Seat(Role.HTTP, "a")));
    assertTrue(http.suits(Role.DATA, "a"));
    assertFalse(http.suits(Role.DATA, "b"));
  }

  @Test
  void theFullestLoopLosesOneFirst() {
    List<Seat> seats =
        List.of(new Seat(Role.DATA, "a"), new Seat(Role.DATA, "b"), new Seat(Role.DATA, "b"));
    assertEquals("b", leaving(seats, "a", "b", "b"));
  }

  @Test
  void amongLoopsAlikeTheOneWithoutTheOtherRoleLosesOne() {
    List<Seat> seats =
        List.of(new Seat(Role.DATA, "a"), new Seat(Role.DATA, "b"), new Seat(Role.HTTP, "a"));
    assertEquals("b", leaving(seats, "a", "b"));
  }

  private static String leaving(List<Seat> seats, String... candidates) {
    return new Placement(2, seats).leaving(Role.DATA, List.of(candidates), Function.identity());
  }
}
