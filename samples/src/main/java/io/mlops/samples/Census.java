package io.mlops.samples;

import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType.Scalar;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import java.util.List;
import java.util.stream.Stream;

/** The columns of the census that the model looks at. The file has one more, {@code fnlwgt}: a weight of the survey. */
final class Census {
    static final String INCOME = "class";
    static final String HIGH = ">50K";
    static final String LOW = "<=50K";

    static final List<NumberColumn> NUMBERS = List.of(
            new NumberColumn("age", 40),
            new NumberColumn("education-num", 10),
            new NumberColumn("capital-gain", 5_000),
            new NumberColumn("capital-loss", 1_000),
            new NumberColumn("hours-per-week", 40));

    static final List<String> CATEGORIES = List.of(
            "workclass", "education", "marital-status", "occupation", "relationship", "race", "sex", "native-country");

    /** The columns that the model takes and gives; any value may be missing. */
    static final ModelSignature SIGNATURE = ModelSignature.of(
            new Schema(Stream.concat(
                            NUMBERS.stream().map(number -> Column.optional(number.name(), Scalar.DOUBLE)),
                            CATEGORIES.stream().map(category -> Column.optional(category, Scalar.STRING)))
                    .toList()),
            Schema.of(Column.required("probability", Scalar.DOUBLE)));

    /** A column of numbers, and a typical one: divided by it, all columns are of one size, as training needs. */
    record NumberColumn(String name, double typical) {}

    private Census() {}
}
