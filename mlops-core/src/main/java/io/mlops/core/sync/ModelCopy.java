package io.mlops.core.sync;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Limits;
import io.mlops.api.common.Listing;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.tracker.RunInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings one model: its versions in the order of their numbers, each the next free one at the target, then what is said
 * about them. One thread at a time.
 */
final class ModelCopy {
    private final Backend from;
    private final Backend to;
    private final String model;
    private final SyncAccount account;

    ModelCopy(Backend from, Backend to, String model, SyncAccount account) {
        this.from = from;
        this.to = to;
        this.model = model;
        this.account = account;
    }

    /** Brings the versions that the target lacks, and the texts and tags of the model. */
    void bring(Model here) {
        Optional<Model> known = to.models().find(model);
        List<ModelVersion> versions = versions(from);
        Map<ModelVersion, ModelVersion> pairs = pairs(versions, known.isPresent() ? versions(to) : List.of());
        for (ModelVersion version : versions) {
            account.step("model version " + version.id(), () -> bring(version, pairs.get(version)));
        }
        to.models().find(model).ifPresent(now -> describe(here, now));
    }

    private List<ModelVersion> versions(Backend backend) {
        Listing<ModelVersion> newestFirst = page -> backend.models().versions(model, page);
        List<ModelVersion> versions = new ArrayList<>(newestFirst.stream().toList());
        Collections.reverse(versions);
        return versions;
    }

    /** What makes a version the same wherever it is kept, whatever its number is there. */
    private record Origin(Instant created, String by) {
        static Origin of(ModelVersion version) {
            return new Origin(version.created(), version.by());
        }
    }

    /** The version at the target of each that was brought before, from here or by another way. */
    private static Map<ModelVersion, ModelVersion> pairs(List<ModelVersion> here, List<ModelVersion> there) {
        Map<Origin, List<ModelVersion>> byOrigin = new HashMap<>();
        there.forEach(version -> byOrigin.computeIfAbsent(Origin.of(version), origin -> new ArrayList<>())
                .add(version));
        Map<ModelVersion, ModelVersion> pairs = new HashMap<>();
        for (ModelVersion version : here) {
            Iterator<ModelVersion> candidates =
                    byOrigin.getOrDefault(Origin.of(version), new ArrayList<>()).iterator();
            while (candidates.hasNext() && !pairs.containsKey(version)) {
                ModelVersion candidate = candidates.next();
                if (hasSameFiles(version, candidate)) {
                    pairs.put(version, candidate);
                    candidates.remove();
                }
            }
        }
        return pairs;
    }

    /** Versions that others registered may have no digest, until they are copied. */
    private static boolean hasSameFiles(ModelVersion a, ModelVersion b) {
        return a.digest() == null || b.digest() == null || a.digest().equals(b.digest());
    }

    private void bring(ModelVersion here, @Nullable ModelVersion known) {
        ModelVersion there = known == null ? create(here) : known;
        account.number(here.id(), there.number());
        boolean changed = known == null;
        String of = "model version " + here.id();
        if (!here.description().isEmpty() && !here.description().equals(there.description())) {
            if (there.description().isEmpty()) {
                changed |= change(of, () -> new ModelChange.VersionDescribed(there.number(), here.description()));
            } else {
                account.conflict(of, "its description is another one there, in " + there.id());
            }
        }
        for (Map.Entry<String, String> tag : here.tags().entrySet()) {
            String value = there.tags().get(tag.getKey());
            if (value == null) {
                changed |=
                        change(of, () -> new ModelChange.VersionTagged(there.number(), tag.getKey(), tag.getValue()));
            } else if (!value.equals(tag.getValue())) {
                account.conflict(of, differentTag(tag, value));
            }
        }
        account.count(SyncAccount.Kind.VERSION, changed);
    }

    private static String differentTag(Map.Entry<String, String> tag, String there) {
        return "tag '" + tag.getKey() + "' is '" + tag.getValue() + "' here and '" + there + "' there";
    }

    private ModelVersion create(ModelVersion here) {
        Listing<ArtifactEntry> entries = page -> from.artifacts().list(here.id(), null, page);
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        entries.forEach(entry -> files.put(entry.path(), new CopiedContent(from.artifacts(), here.id(), entry)));
        ModelVersion made = to.models()
                .create(new ModelDraft(
                        key(here),
                        model,
                        files,
                        run(here),
                        here.datasets(),
                        parent(here),
                        here.signature(),
                        here.description(),
                        here.tags(),
                        here.by(),
                        here.created()));
        Digest digest = here.digest();
        if (digest != null && made.digest() != null && !digest.equals(made.digest())) {
            throw new CorruptDataException(
                    here.id() + " has digest " + digest + " here, and " + made.digest() + " as " + made.id() + " there",
                    null);
        }
        return made;
    }

    /** The run by the id that it was copied under; others name it as the store does. */
    private @Nullable RunId run(ModelVersion here) {
        RunId run = here.run();
        return run == null ? null : from.runs().find(run).map(RunInfo::id).orElse(run);
    }

    private @Nullable Integer parent(ModelVersion here) {
        Integer number = here.parent();
        if (number == null) {
            return null;
        }
        ModelVersionId parent = account.there(new ModelVersionId(model, number));
        if (parent == null) {
            account.conflict(
                    "model version " + here.id(), "it came from " + model + "/" + number + ", which is not there");
            return null;
        }
        return parent.number();
    }

    /** The same for each try; two stores may have one name, but hardly versions of one moment. */
    private String key(ModelVersion here) {
        String key = from.info().name() + "/" + here.id() + "@" + here.created().toEpochMilli();
        if (key.length() <= Limits.REGISTRATION_KEY) {
            return key;
        }
        byte[] digest = ContentCopy.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
        return "sync/" + Digest.sha256(digest).hex();
    }

    private void describe(Model here, Model there) {
        String of = "model " + model;
        if (!here.description().isEmpty() && !here.description().equals(there.description())) {
            if (there.description().isEmpty()) {
                boolean unused = change(of, () -> new ModelChange.Described(here.description()));
            } else {
                account.conflict(of, "its description is another one there");
            }
        }
        here.tags().entrySet().forEach(tag -> {
            String value = there.tags().get(tag.getKey());
            if (value == null) {
                boolean unused = change(of, () -> new ModelChange.Tagged(tag.getKey(), tag.getValue()));
            } else if (!Objects.equals(value, tag.getValue())) {
                account.conflict(of, differentTag(tag, value));
            }
        });
    }

    private boolean change(String of, Supplier<ModelChange> change) {
        boolean[] done = new boolean[1];
        account.step(of, () -> {
            to.models().change(model, change.get());
            done[0] = true;
        });
        return done[0];
    }
}
