package io.mlops.backends.http.fuzz;

import static io.mlops.backends.http.fuzz.FuzzedStores.FILE;
import static io.mlops.backends.http.fuzz.FuzzedStores.NOON;
import static io.mlops.backends.http.fuzz.FuzzedStores.RUN;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What programs ask of a server, each of which makes other calls of it. Not for instances. */
final class Operations {
    private static final ModelVersionId OURS = new ModelVersionId("churn", 1);
    private static final ModelVersionId FOREIGN = new ModelVersionId("foreign", 1);
    private static final int MOST_PAGES = 5;

    /** One thing that a program does. */
    @FunctionalInterface
    interface Operation {
        /** Does it; reading may fail as reading fails. */
        void run(FuzzedStores stores) throws IOException;
    }

    private Operations() {}

    /** All of them by name, in an order that stays. */
    static Map<String, Operation> all() {
        Map<String, Operation> all = new TreeMap<>();
        runs(all);
        experiments(all);
        artifacts(all);
        models(all);
        return all;
    }

    private static void runs(Map<String, Operation> all) {
        all.put("runs.find", stores -> use(stores.runs().find(RUN)));
        all.put("runs.findForeign", stores -> use(stores.runs().find(new RunId("0123456789abcdef0123456789abcdef"))));
        all.put("runs.history", stores -> pages(page -> stores.runs().history(RUN, "loss", page)));
        all.put("runs.environment", stores -> use(stores.runs().environment(RUN)));
        all.put(
                "runs.search",
                stores -> pages(page -> stores.runs()
                        .search(RunQuery.of("churn").where("metrics.loss < 3 and tags.team = 'growth'"), page)));
        all.put(
                "runs.order",
                stores ->
                        pages(page -> stores.runs().search(RunQuery.of("churn").orderBy("metrics.loss DESC"), page)));
        all.put("runs.all", stores -> {
            Iterator<?> found = stores.runs().searchAll(RunQuery.of("churn").visibility(Visibility.ALL));
            for (int i = 0; i < 100 && found.hasNext(); i++) {
                use(found.next());
            }
        });
        all.put(
                "runs.copy",
                stores -> stores.runs().written(RUN).keySet().stream()
                        .limit(MOST_PAGES)
                        .forEach(writer -> use(stores.runs().read(RUN, writer, 0, 10))));
        all.put(
                "runs.change",
                stores -> stores.runs()
                        .change(RUN, List.of(new RunFact.Tagged("team", "core"), new RunFact.ParamSet("depth", "7"))));
        all.put("runs.append", stores -> {
            long[] one = {9};
            use(stores.runs().append(RUN, MetricBatch.of("w", 4, "loss", one, one, new double[] {1})));
        });
    }

    private static void experiments(Map<String, Operation> all) {
        all.put("experiments.find", stores -> use(stores.experiments().find("churn")));
        all.put(
                "experiments.search",
                stores -> pages(page -> stores.experiments().search("", Visibility.ALL, page)));
        all.put(
                "experiments.change",
                stores -> stores.experiments().change("churn", new ExperimentChange.Tagged("team", "core"), NOON));
        all.put("experiments.ensure", stores -> use(stores.experiments().ensure("other", NOON)));
    }

    private static void artifacts(Map<String, Operation> all) {
        all.put("artifacts.list", stores -> pages(page -> stores.artifacts().list(RUN, null, page)));
        all.put("artifacts.find", stores -> use(stores.artifacts().find(RUN, FILE)));
        all.put("artifacts.open", stores -> read(stores.artifacts().open(RUN, FILE)));
        all.put(
                "artifacts.put",
                stores -> use(
                        stores.artifacts().put(RUN, Map.of(RelativePath.of("reports/b.txt"), Content.text("more")))));
        all.put("versions.list", stores -> pages(page -> stores.artifacts().list(OURS, null, page)));
        all.put("versions.open", stores -> read(stores.artifacts().open(OURS, RelativePath.of("MLmodel"))));
        all.put(
                "versions.listForeign",
                stores -> pages(page -> stores.artifacts().list(FOREIGN, null, page)));
    }

    private static void models(Map<String, Operation> all) {
        all.put("models.find", stores -> use(stores.models().find("churn")));
        all.put("models.version", stores -> use(stores.models().find(OURS)));
        all.put("models.alias", stores -> use(stores.models().find(new VersionReference.Aliased("churn", "champion"))));
        all.put("models.all", stores -> pages(stores.models()::models));
        all.put("models.versions", stores -> pages(page -> stores.models().versions("churn", page)));
        all.put("models.foreign", stores -> pages(page -> stores.models().versions("foreign", page)));
        all.put("models.history", stores -> pages(page -> stores.models().history("churn", page)));
        all.put("models.move", stores -> use(stores.models().move(AliasMove.of("churn@next", 1), "anna", NOON)));
        all.put("models.create", stores -> use(stores.models().create(FuzzedStores.draft("key-2", "other"))));
        all.put("models.createAgain", stores -> use(stores.models().create(FuzzedStores.draft("key-1", "churn"))));
    }

    private static <T> void pages(Function<PageRequest, Page<T>> listing) {
        String token = null;
        for (int i = 0; i < MOST_PAGES; i++) {
            Page<T> page = listing.apply(new PageRequest(2, token));
            page.items().forEach(Operations::use);
            token = page.next();
            if (token == null) {
                return;
            }
        }
    }

    private static void read(OpenArtifact opened) throws IOException {
        try (InputStream in = opened.bytes()) {
            use(in.readNBytes(1 << 20).length);
        }
    }

    /** As programs look at what they get. */
    private static void use(@Nullable Object value) {
        if (String.valueOf(value).isEmpty()) {
            throw new AssertionError("nothing says nothing of itself");
        }
    }
}
