package io.mlops.backends.http.model;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.backends.http.artifact.Place;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;

/**
 * A model as servers from 3 on keep it beside runs and registry, with files of its own.
 *
 * @param root where its files lie
 */
record LoggedModel(String id, String root) {
    static final String ENDPOINT = Call.mlflow("logged-models");

    /** Reads a logged model; what else the server says of it is skipped. */
    static LoggedModel read(JsonParser in) throws IOException {
        String[] idAndRoot = {"", ""};
        Fields.each(in, (part, info) -> {
            if (part.equals("info")) {
                Fields.each(info, (name, field) -> {
                    if (name.equals("model_id")) {
                        idAndRoot[0] = Fields.text(field);
                    } else if (name.equals("artifact_uri")) {
                        idAndRoot[1] = Fields.text(field);
                    }
                });
            }
        });
        // It becomes a part of addresses.
        if (!idAndRoot[0].matches("[A-Za-z0-9-]+")) {
            throw Fields.not(in, "logged model with an id");
        }
        return new LoggedModel(idAndRoot[0], idAndRoot[1]);
    }

    Place place() {
        return new Place(root, new Place.Owner.OfLoggedModel(id), null);
    }
}
