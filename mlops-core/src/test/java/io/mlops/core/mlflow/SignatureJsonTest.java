package io.mlops.core.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Limits;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.core.codec.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signatures come back as they were written. */
final class SignatureJsonTest {
    @Test
    void theDeepestSignatureComesBack() {
        ColumnType type = ColumnType.Scalar.DOUBLE;
        for (int depth = 1; depth < Limits.TYPE_DEPTH; depth++) {
            type = new ColumnType.StructOf(List.of(Column.required("x".repeat(5000), type)));
        }
        ModelSignature signature = ModelSignature.of(Schema.of(Column.required("c", type)), new Schema(List.of()));

        Json written = Json.object().put("signature", SignatureJson.write(signature));

        Json read = Json.parse(written.bytes(), "version.json");
        assertThat(SignatureJson.read(read.child("signature"))).isEqualTo(signature);
    }
}
