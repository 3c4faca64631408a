package io.mlops.backends.fs.power;

import java.util.ArrayList;
import java.util.List;

/** A sequence of steps that programs take with a store. Each step may be repeated. */
final class Scenario {
    /** An action of a program. */
    interface Action {
        void in(Machine machine) throws Exception;
    }

    /**
     * A step with the name that messages give it. If it is not durable on its return, it is with the next step that is.
     */
    record Step(String name, boolean durable, Action action) {}

    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private int given;

    Scenario(String name) {
        this.name = name;
    }

    /** Marks the steps so far as preparation, during which nothing goes wrong. */
    Scenario given() {
        given = steps.size();
        return this;
    }

    /** Adds a step that is durable on its return. */
    Scenario then(String step, Action action) {
        steps.add(new Step(step, true, action));
        return this;
    }

    /** Adds a step that becomes durable with the next one. */
    Scenario later(String step, Action action) {
        steps.add(new Step(step, false, action));
        return this;
    }

    List<Step> steps() {
        return steps;
    }

    int firstStep() {
        return given;
    }

    /** Returns the number of steps before this one that are durable for sure. */
    int acknowledged(int step) {
        int done = step;
        while (done > 0 && !steps.get(done - 1).durable()) {
            done--;
        }
        return done;
    }

    /** Repeats the steps from this one on, after an accident in their midst. */
    void repeat(Machine machine, int from) throws Exception {
        for (Step step : steps.subList(from, steps.size())) {
            step.action().in(machine);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
