package dev.canvas.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.server.Placement.Slot;
import dev.canvas.control.Role;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PlacementTest {

  @Test
  void firstVerticleMayRunOnAnyLoop() {
    assertTrue(new Placement(2, List.of()).isSuitable(Role.DATA, "a"));
  }

  @Test
  void nextVerticleRunsOnALoopWithoutOne() {
    Placement one = new Placement(2, List.of(new Slot(Role.DATA, "a")));
    assertFalse(one.isSuitable(Role.DATA, "a"));
    assertTrue(one.isSuitable(Role.DATA, "b"));
  }

  @Test
  void anyLoopIsSuitableWhenEachHasOne() {
    Placement full = new Placement(2, List.of(new Slot(Role.DATA, "a"), new Slot(Role.DATA, "b")));
    assertTrue(full.isSuitable(Role.DATA, "a"));
    assertTrue(full.isSuitable(Role.DATA, "b"));
  }

  @Test
  void prefersALoopWithTheOtherRole() {
    Placement http = new Placement(3, List.of(new Slot(Role.HTTP, "a")));
    assertTrue(http.isSuitable(Role.DATA, "a"));
    assertFalse(http.isSuitable(Role.DATA, "b"));
  }

  @Test
  void removesFromTheFullestLoopFirst() {
    List<Slot> slots =
        List.of(new Slot(Role.DATA, "a"), new Slot(Role.DATA, "b"), new Slot(Role.DATA, "b"));
    assertEquals("b", chosenForRemoval(slots, "a", "b", "b"));
  }

  @Test
  void removesFromALoopWithoutTheOtherRole() {
    List<Slot> slots =
        List.of(new Slot(Role.DATA, "a"), new Slot(Role.DATA, "b"), new Slot(Role.HTTP, "a"));
    assertEquals("b", chosenForRemoval(slots, "a", "b"));
  }

  private static String chosenForRemoval(List<Slot> slots, String... candidates) {
    return new Placement(2, slots)
        .chooseForRemoval(Role.DATA, List.of(candidates), Function.identity());
  }
}
