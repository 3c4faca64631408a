package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

final class WireTest {
    @Test
    void aCallSendsJsonWithItsLengthAndReadsWhatItAsksFor() throws IOException, InterruptedException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder()
                    .body("{\"unknown\": [{\"run_id\": 1}], \"run_id\": \"abc\", \"more\": {}}")
                    .build());
            try (Wire wire = Wire.to(server.url("/team").toString(), HttpSettings.standard())) {
                StringBuilder id = new StringBuilder();
                wire.call(
                        Call.post(Call.mlflow("runs/create"))
                                .body(JsonBody.of(Map.of("name", "a", "value", Double.NaN))),
                        in -> {
                            Fields.each(in, (name, value) -> {
                                if (name.equals("run_id")) {
                                    id.append(Fields.text(value));
                                }
                            });
                            return true;
                        });
                assertThat(id).hasToString("abc");
            }
            RecordedRequest request = server.takeRequest();
            assertThat(request.getTarget()).isEqualTo("/team/api/2.0/mlflow/runs/create");
            assertThat(request.getHeaders().get("Content-Length")).isNotNull();
            assertThat(request.getBody().utf8()).contains("\"NaN\"");
        }
    }
}
