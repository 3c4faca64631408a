package io.mlops.backends.http.standin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the stand-in has stored. Not thread-safe: who uses it holds the lock of the {@link StandIn}. */
final class Tables {
    private static final AtomicLong LAST = new AtomicLong();

    static final class Experiment {
        final long id;
        final String location;
        final long created = Tables.now();
        final Map<String, String> tags = new TreeMap<>();
        String name;
        long updated = created;
        boolean deleted;

        Experiment(long id, String name, String location) {
            this.id = id;
            this.name = name;
            this.location = location;
        }
    }

    /** A point; its value is what a database keeps: 0 for not-a-number, the largest double for infinity. */
    record Point(String key, double value, boolean nan, long time, long step) {
        static final Comparator<Point> BY_TIME = Comparator.comparingLong(Point::time)
                .thenComparingLong(Point::step)
                .thenComparingDouble(Point::value)
                .thenComparing(Point::nan);

        static Point of(String key, double value, long time, long step) {
            boolean nan = Double.isNaN(value);
            double kept = nan ? 0 : Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
            return new Point(key, kept == 0 ? 0 : kept, nan, time, step);
        }

        boolean newerThan(Point other) {
            return Comparator.comparingLong(Point::step)
                            .thenComparingLong(Point::time)
                            .thenComparingDouble(Point::value)
                            .compare(this, other)
                    > 0;
        }
    }

    record Dataset(
            String name,
            String digest,
            String sourceType,
            String source,
            @Nullable String schema,
            @Nullable String profile) {}

    record Input(Dataset dataset, Map<String, String> tags) {}

    record Output(String model, long step) {}

    static final class Run {
        final String id = UUID.randomUUID().toString().replace("-", "");
        final Experiment experiment;
        final Map<String, String> params = new TreeMap<>();
        final Map<String, String> tags = new TreeMap<>();
        final Map<String, TreeSet<Point>> points = new HashMap<>();
        final Map<String, Point> latest = new LinkedHashMap<>();
        final List<Input> inputs = new ArrayList<>();
        final Map<String, Boolean> modelInputs = new LinkedHashMap<>();
        final List<Output> outputs = new ArrayList<>();
        String name = "";
        String user = "";
        String status = "RUNNING";
        long started;

        @Nullable
        Long ended;

        boolean deleted;

        Run(Experiment experiment) {
            this.experiment = experiment;
        }

        String artifacts() {
            return experiment.location + "/" + id + "/artifacts";
        }

        boolean has(Point point) {
            TreeSet<Point> known = points.get(point.key());
            return known != null && known.contains(point);
        }

        void add(Point point) {
            points.computeIfAbsent(point.key(), key -> new TreeSet<>(Point.BY_TIME))
                    .add(point);
            latest.merge(point.key(), point, (old, next) -> next.newerThan(old) ? next : old);
        }
    }

    static final class LoggedModel {
        final String id = "m-" + UUID.randomUUID().toString().replace("-", "");
        final Experiment experiment;
        final long created = Tables.now();
        final Map<String, String> params = new TreeMap<>();
        final Map<String, String> tags = new TreeMap<>();
        String name = "";
        String type = "";
        String sourceRun = "";
        String status = "LOGGED_MODEL_PENDING";
        long updated = created;
        boolean deleted;

        LoggedModel(Experiment experiment) {
            this.experiment = experiment;
        }

        String artifacts() {
            return experiment.location + "/models/" + id + "/artifacts";
        }
    }

    static final class Model {
        final String name;
        final long created = Tables.now();
        final Map<String, String> tags = new TreeMap<>();
        final Map<String, Long> aliases = new TreeMap<>();
        final TreeMap<Long, Version> versions = new TreeMap<>();

        @Nullable
        String description;

        long updated = created;

        Model(String name) {
            this.name = name;
        }

        boolean prompt() {
            return "true".equals(tags.get("mlflow.prompt.is_prompt"));
        }
    }

    static final class Version {
        final Model model;
        final long number;
        final long created = Tables.now();
        final Map<String, String> tags = new TreeMap<>();
        String description = "";
        String source = "";
        String location = "";
        String run = "";
        String runLink = "";
        long updated = created;
        boolean deleted;

        Version(Model model, long number) {
            this.model = model;
            this.number = number;
        }
    }

    final TreeMap<Long, Experiment> experiments = new TreeMap<>();
    final Map<String, Run> runs = new HashMap<>();
    final Map<String, Dataset> datasets = new HashMap<>();
    final Map<String, LoggedModel> loggedModels = new LinkedHashMap<>();
    final TreeMap<String, Model> models = new TreeMap<>();

    /** Returns the time, which differs with each call: real servers are too slow to do two things in one millisecond. */
    static long now() {
        return LAST.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
    }

    void clear() {
        experiments.clear();
        runs.clear();
        datasets.clear();
        loggedModels.clear();
        models.clear();
    }

    @Nullable
    Experiment experimentNamed(String name) {
        return experiments.values().stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    Run run(String id) {
        Run run = runs.get(id);
        if (run == null) {
            throw Refusal.unknown("Run with id=" + id + " not found");
        }
        return run;
    }

    Run activeRun(String id) {
        Run run = run(id);
        if (run.deleted) {
            throw Refusal.invalid("The run " + id + " must be in the 'active' state. Current state is deleted.");
        }
        return run;
    }

    LoggedModel loggedModel(String id) {
        LoggedModel model = loggedModels.get(id);
        if (model == null) {
            throw Refusal.unknown("Logged model with ID '" + id + "' not found.");
        }
        return model;
    }

    Model model(String name) {
        Model model = models.get(name);
        if (model == null) {
            throw Refusal.unknown("Registered Model with name=" + name + " not found");
        }
        return model;
    }

    Version version(String name, String number) {
        if (!number.matches("-?\\d{1,18}")) {
            throw Refusal.invalid("Parameter 'version' must be an integer, got '" + number + "'.");
        }
        Model model = models.get(name);
        Version version = model == null ? null : model.versions.get(Long.parseLong(number));
        if (version == null || version.deleted) {
            throw Refusal.unknown("Model Version (name=" + name + ", version=" + number + ") not found");
        }
        return version;
    }
}
