package io.mlops.backends.fs.power;

import java.util.ArrayList;
import java.util.List;

/** Things that programs do with a store, one after the other. Each step may be repeated. */
final class Scenario {
    /** What a program does. */
    interface Action {
        void in(World world) throws Exception;
    }

    /** A step; one that is not durable is so with the next that is. */
    record Step(String name, boolean durable, Action action) {}

    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private int given;

    Scenario(String name) {
        this.name = name;
    }

    /** What was done so far went well: the power is cut later. */
    Scenario given() {
        given = steps.size();
        return this;
    }

    /** Something that is durable when it is done. */
    Scenario then(String step, Action action) {
        steps.add(new Step(step, true, action));
        return this;
    }

    /** Something that becomes durable with the next step. */
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

    /** How many of the steps before this one are durable for sure. */
    int acknowledged(int step) {
        int done = step;
        while (done > 0 && !steps.get(done - 1).durable()) {
            done--;
        }
        return done;
    }

    /** Does these steps again, after something went wrong in their midst. */
    void repeat(World world, int from) throws Exception {
        for (Step step : steps.subList(from, steps.size())) {
            step.action().in(world);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
