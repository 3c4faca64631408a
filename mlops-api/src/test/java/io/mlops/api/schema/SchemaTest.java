package io.mlops.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schemas and signatures that make sense. */
final class SchemaTest {
    private static final Column AGE = Column.required("age", ColumnType.Scalar.DOUBLE);

    @Test
    void namesAreUnique() {
        assertThat(Schema.of(AGE, Column.optional("plan", ColumnType.Scalar.STRING))
                        .columns())
                .hasSize(2);
        assertThatThrownBy(() -> Schema.of(AGE, AGE)).hasMessageContaining("age");
        assertThatThrownBy(() -> new ColumnType.StructOf(List.of(AGE, AGE))).hasMessageContaining("age");
        assertThatThrownBy(() -> Column.required(" ", ColumnType.Scalar.DOUBLE)).hasMessageContaining("blank");
    }

    @Test
    void typesAreNestedAsDeepAsReadersTakeThem() {
        ColumnType deepest = ColumnType.Scalar.DOUBLE;
        for (int depth = 2; depth <= Limits.TYPE_DEPTH; depth++) {
            deepest = depth % 2 == 0 ? new ColumnType.ListOf(deepest) : new ColumnType.MapOf(deepest);
        }
        ColumnType type = deepest;

        assertThat(Column.required("x", type).type()).isEqualTo(type);
        assertThatThrownBy(() -> new ColumnType.ListOf(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 deep");
        assertThatThrownBy(() -> new ColumnType.MapOf(type)).hasMessageContaining("32 deep");
        assertThatThrownBy(() -> new ColumnType.StructOf(List.of(AGE, Column.required("x", type))))
                .hasMessageContaining("32 deep");
    }

    @Test
    void namesAreTextOfALengthThatReadersTake() {
        String half = "a\ud83d";
        String large = "x".repeat(5001);

        for (String name : List.of(half, large)) {
            assertThatThrownBy(() -> Column.required(name, ColumnType.Scalar.DOUBLE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new TensorSpec(name, ElementType.FLOAT32, List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onlyASingleTensorMayGoWithoutAName() {
        TensorSpec nameless = new TensorSpec(null, ElementType.FLOAT32, List.of(-1L, 4L));

        assertThat(new Fields.Tensors(List.of(nameless)).tensors()).containsExactly(nameless);
        assertThatThrownBy(() -> new Fields.Tensors(List.of(nameless, nameless)))
                .hasMessageContaining("name");
        assertThatThrownBy(() -> new TensorSpec("x", ElementType.FLOAT32, List.of(-2L)))
                .hasMessageContaining("-2");
    }
}
