package dev.canvas.model;

/** The steps that can follow a state. */
interface Steps {

  /** Called back for each step. */
  interface Next {

    /**
     * Takes one step.
     *
     * @param actor the number of the node, or -1 for a step of nobody's
     */
    void step(String name, int actor, State after);
  }

  /** Calls back for each step that can follow a state. */
  void from(State state, Next next);
}
