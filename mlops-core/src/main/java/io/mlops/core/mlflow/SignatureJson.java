package io.mlops.core.mlflow;

import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ElementType;
import io.mlops.api.schema.Fields;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.api.schema.TensorSpec;
import io.mlops.core.codec.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes and reads signatures in the JSON that MLflow writes into its {@code MLmodel} files. */
public final class SignatureJson {
    private static final Map<ElementType, String> ODD_NUMPY_NAMES = Map.of(ElementType.STRING, "str");

    private SignatureJson() {}

    /** Writes inputs or outputs as the entries of MLflow's list. */
    public static List<Json> write(Fields fields) {
        if (fields instanceof Fields.Columns columns) {
            return columns.schema().columns().stream()
                    .map(SignatureJson::column)
                    .toList();
        } else if (fields instanceof Fields.Tensors tensors) {
            return tensors.tensors().stream().map(SignatureJson::tensor).toList();
        }
        throw new IllegalStateException("no case for " + fields.getClass().getName());
    }

    /** Writes a whole signature as an object with {@code inputs} and {@code outputs}. */
    public static Json write(ModelSignature signature) {
        return Json.object().put("inputs", write(signature.inputs())).put("outputs", write(signature.outputs()));
    }

    /** Reads what {@link #write(ModelSignature)} wrote. */
    public static ModelSignature read(Json json) {
        return new ModelSignature(side(json, "inputs"), side(json, "outputs"));
    }

    private static Fields side(Json json, String side) {
        return json.made(side, "the columns or tensors of an MLflow signature", () -> fields(json, side));
    }

    private static Fields fields(Json json, String side) {
        List<Json> entries = json.children(side);
        if (!entries.isEmpty() && entries.get(0).has("tensor-spec")) {
            return new Fields.Tensors(
                    entries.stream().map(SignatureJson::tensor).toList());
        }
        return new Fields.Columns(
                new Schema(entries.stream().map(SignatureJson::column).toList()));
    }

    private static Json column(Column column) {
        return type(column.type()).put("name", column.name()).put("required", column.required());
    }

    private static Column column(Json json) {
        return new Column(json.text("name"), type(json), !json.has("required") || json.flag("required"));
    }

    private static Json type(ColumnType type) {
        Json json = Json.object();
        if (type instanceof ColumnType.Scalar scalar) {
            return json.put("type", scalar.name().toLowerCase(Locale.ROOT));
        } else if (type instanceof ColumnType.ListOf list) {
            return json.put("type", "array").put("items", type(list.item()));
        } else if (type instanceof ColumnType.MapOf map) {
            return json.put("type", "map").put("values", type(map.value()));
        } else if (type instanceof ColumnType.StructOf struct) {
            Json properties = Json.object();
            struct.fields()
                    .forEach(field ->
                            properties.put(field.name(), type(field.type()).put("required", field.required())));
            return json.put("type", "object").put("properties", properties);
        } else if (type instanceof ColumnType.Any) {
            return json.put("type", "any");
        }
        throw new IllegalStateException("no case for " + type.getClass().getName());
    }

    private static ColumnType type(Json json) {
        String type = json.text("type");
        return switch (type) {
            case "array" -> new ColumnType.ListOf(type(json.child("items")));
            case "map" -> new ColumnType.MapOf(type(json.child("values")));
            case "any" -> new ColumnType.Any();
            case "object" -> {
                Json properties = json.child("properties");
                List<Column> fields = new ArrayList<>();
                for (String name : properties.names()) {
                    Json field = properties.child(name);
                    fields.add(new Column(name, type(field), !field.has("required") || field.flag("required")));
                }
                yield new ColumnType.StructOf(fields);
            }
            default ->
                Arrays.stream(ColumnType.Scalar.values())
                        .filter(scalar -> scalar.name().toLowerCase(Locale.ROOT).equals(type))
                        .findFirst()
                        .orElseThrow(() -> json.corrupt("type", "a type of an MLflow signature", null));
        };
    }

    private static Json tensor(TensorSpec tensor) {
        Json json = Json.object().put("type", "tensor");
        if (tensor.name() != null) {
            json.put("name", tensor.name());
        }
        return json.put(
                "tensor-spec",
                Json.object().put("dtype", numpy(tensor.element())).putNumbers("shape", tensor.shape()));
    }

    private static TensorSpec tensor(Json json) {
        Json spec = json.child("tensor-spec");
        String dtype = spec.text("dtype");
        ElementType element = Arrays.stream(ElementType.values())
                .filter(type -> numpy(type).equals(dtype))
                .findFirst()
                .orElseThrow(() -> spec.corrupt("dtype", "a numpy type", null));
        return new TensorSpec(json.textOrNull("name"), element, spec.numbers("shape"));
    }

    private static String numpy(ElementType element) {
        return ODD_NUMPY_NAMES.getOrDefault(element, element.name().toLowerCase(Locale.ROOT));
    }
}
