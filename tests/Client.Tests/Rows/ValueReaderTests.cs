using System.Collections;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ValueReaderTests
{
    public static TheoryData<object?> Blanks => [(object?)null, "", " ", "\t\r\n", DBNull.Value];

    [Theory]
    [MemberData(nameof(Blanks))]
    public void A_blank_value_counts_as_omitted(object? value)
    {
        ValueReader.Text("X", value).ShouldBeNull();
        ValueReader.Seconds("X", value).ShouldBeNull();
        ValueReader.Boolean("X", value).ShouldBeNull();
        ValueReader.List(value).ShouldBeEmpty();
        ValueReader.Fields("X", value).ShouldBeEmpty();
    }

    [Fact]
    public void Text_is_trimmed_and_simple_values_are_converted()
    {
        using InCulture culture = new("de-DE");
        ValueReader.Text("X", "  a b ").ShouldBe("a b");
        ValueReader.Text("X", 1.5).ShouldBe("1.5");
        ValueReader.Text("X", 1234567.25m).ShouldBe("1234567.25");
        ValueReader.Text("X", 'c').ShouldBe("c");
        ValueReader.Text("X", DayOfWeek.Friday).ShouldBe("Friday");
        ValueReader.Text("X", new Uri("https://example.com/a%20b")).ShouldBe("https://example.com/a%20b");
        ValueReader.Text("X", new FileInfo("/a/b.png")).ShouldEndWith("b.png");
    }

    [Fact]
    public void A_value_that_is_not_text_is_reported_with_its_parameter()
    {
        Message(() => ValueReader.Text("Prompt", new[] { "a" })).ShouldBe("Prompt is a list, not text.");
        Message(() => ValueReader.Text("Prompt", new Hashtable())).ShouldBe("Prompt is an object with fields, not text.");
        Message(() => ValueReader.Text("Prompt", true)).ShouldBe("Prompt is a Boolean, not text.");
        Message(() => ValueReader.Text("Prompt", new object())).ShouldBe("Prompt is an Object, not text.");
    }

    public static TheoryData<object, int> GoodSeconds =>
        new()
        {
            { 8, 8 },
            { 8L, 8 },
            { (byte)8, 8 },
            { (short)8, 8 },
            { 8u, 8 },
            { 8ul, 8 },
            { 8.0, 8 },
            { 8f, 8 },
            { 8m, 8 },
            { 8.00m, 8 },
            { "8", 8 },
            { " 8 ", 8 },
            { "8.0", 8 },
            { "+8", 8 },
            { "08", 8 },
            { int.MaxValue, int.MaxValue },
            { TimeSpan.FromSeconds(90), 90 },
        };

    [Theory]
    [MemberData(nameof(GoodSeconds))]
    public void Seconds_accepts_whole_numbers_from_1(object value, int expected)
    {
        ValueReader.Seconds("Duration", value).ShouldBe(expected);
        using InCulture culture = new("de-DE");
        ValueReader.Seconds("Duration", value).ShouldBe(expected);
    }

    public static TheoryData<object> BadSeconds =>
        [
            0,
            -1,
            8.5,
            "8.5",
            "8,0",
            "8m",
            "eight",
            "1e1",
            "0x8",
            "٨",
            "∞",
            double.NaN,
            double.PositiveInfinity,
            1e300,
            float.NaN,
            decimal.MaxValue,
            long.MaxValue,
            ulong.MaxValue,
            TimeSpan.FromMilliseconds(1500),
            TimeSpan.Zero,
            TimeSpan.MaxValue,
            true,
            DateTime.UnixEpoch,
            new[] { 8 },
            "99999999999999999999999999999999999",
            'x',
        ];

    [Theory]
    [MemberData(nameof(BadSeconds))]
    public void An_invalid_duration_is_reported_with_its_value(object value)
    {
        foreach (string name in new[] { "en-US", "de-DE", "ar-SA" })
        {
            using InCulture culture = new(name);
            string message = Message(() => ValueReader.Seconds("Duration", value));
            message.ShouldStartWith("Duration '");
            message.ShouldContain(ValueReader.Quote(value));
            message.ShouldContain("whole number of seconds");
        }
    }

    public static TheoryData<object, bool> Booleans =>
        new()
        {
            { true, true },
            { false, false },
            { 1, true },
            { 0, false },
            { 1L, true },
            { (byte)0, false },
            { "true", true },
            { "FALSE", false },
            { " Yes ", true },
            { "no", false },
            { "on", true },
            { "off", false },
            { "1", true },
            { "0", false },
            { "$true", true },
            { "$False", false },
        };

    [Theory]
    [MemberData(nameof(Booleans))]
    public void Boolean_accepts_the_usual_forms(object value, bool expected) =>
        ValueReader.Boolean("Watermark", value).ShouldBe(expected);

    public static TheoryData<object> NoBooleans => ["wahr", "2", "t", 2, -1, "nein", 'x', new[] { true }, long.MaxValue];

    [Theory]
    [MemberData(nameof(NoBooleans))]
    public void An_invalid_boolean_is_reported_with_its_value(object value) =>
        Message(() => ValueReader.Boolean("Watermark", value)).ShouldBe($"Watermark {ValueReader.Quote(value)} is not valid. Use true or false.");

    [Fact]
    public void A_list_is_flattened_and_split_at_semicolons()
    {
        ValueReader.List("a;b").ShouldBe(["a", "b"]);
        ValueReader.List(" a ; ; b;").ShouldBe(["a", "b"]);
        ValueReader.List(";").ShouldBeEmpty();
        ValueReader.List(new object?[] { "a;b", null, " ", new[] { "c" }, DBNull.Value }).ShouldBe(["a", "b", "c"]);
        ValueReader.List("data:image/png;base64,QQ==").ShouldBe(["data:image/png;base64,QQ=="]);
        ValueReader.List(new[] { "data:image/png;base64,QQ==", "b" }).ShouldBe(["data:image/png;base64,QQ==", "b"]);
        ValueReader.List(7).ShouldBe([7]);
        FileInfo file = new("a;b.png");
        ValueReader.List(file).ShouldBe([file]);
    }

    [Fact]
    public void A_list_that_contains_itself_is_an_error()
    {
        ArrayList list = [];
        list.Add(list);
        Message(() => ValueReader.List(list)).ShouldContain("nested");
    }

    [Fact]
    public void Fields_are_read_from_any_dictionary_by_name()
    {
        IReadOnlyDictionary<string, object?> fields = ValueReader.Fields("Parameter", new Hashtable { ["seed"] = 7, ["Seed"] = null });
        fields.Count.ShouldBe(2);
        fields["seed"].ShouldBe(7);
        fields["Seed"].ShouldBeNull();
        ValueReader
            .Fields("Parameter", new System.Collections.Specialized.OrderedDictionary { ["b"] = 1, ["a"] = 2 })
            .Keys.ShouldBe(["b", "a"]);
    }

    [Fact]
    public void Fields_that_cannot_be_sent_are_reported()
    {
        Message(() => ValueReader.Fields("Parameter", "seed=7"))
            .ShouldBe("Parameter is a String, not a hashtable of extra fields. For example: @{ seed = 7 }.");
        Message(() => ValueReader.Fields("Parameter", new[] { 7 })).ShouldStartWith("Parameter is a list, not a hashtable");
        Message(() => ValueReader.Fields("Parameter", new Hashtable { [7] = "x" }))
            .ShouldBe("Parameter has a field name that is not a string: '7'.");
        Message(() => ValueReader.Fields("Parameter", new Hashtable { [""] = "x" }))
            .ShouldBe("Parameter has a field name that is not a string: ''.");
        Message(() => ValueReader.Fields("Parameter", new Hashtable { ["x"] = double.NaN }))
            .ShouldBe("Parameter: the field 'x' is not a finite number.");
        Message(() => ValueReader.Fields("Parameter", new Hashtable { ["x"] = new[] { "https://a/1.mp3?sv=2024&sig=***" } }))
            .ShouldBe("Parameter: the field 'x' has a masked signature. Specify the complete URL.");
        Message(() => ValueReader.Fields("Parameter", new Hashtable { ["x"] = new Version(1, 2) }))
            .ShouldBe("Parameter: the field 'x' is a Version, which cannot be converted to JSON.");
    }

    [Theory]
    [InlineData("a", "'a'")]
    [InlineData("a\r\nb\tc", "'a  b c'")]
    [InlineData("", "''")]
    public void A_quoted_value_is_one_line(string text, string expected) => ValueReader.Quote(text).ShouldBe(expected);

    [Fact]
    public void A_quoted_value_is_always_short() =>
        Gen.String.Sample(text =>
        {
            string quote = ValueReader.Quote(text);
            quote.Length.ShouldBeLessThanOrEqualTo(63);
            quote.Any(char.IsControl).ShouldBeFalse();
        });

    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_text_is_read_or_throws_a_readable_error() =>
        // An unpaired surrogate and U+FFFE have no normalization form.
        Gen.Select(Gen.String, Gen.OneOf("", "\uD800", "\uFFFE"), string.Concat).Sample(text =>
        {
            foreach (
                Func<object?> read in new Func<object?>[]
                {
                    () => ValueReader.Ratio("X", text),
                    () => ValueReader.Resolution("X", text),
                    () => ValueReader.Seconds("X", text),
                    () => ValueReader.Count("X", text, 9),
                    () => ValueReader.Money("X", text),
                    () => ValueReader.Boolean("X", text),
                    () => ValueReader.Text("X", text),
                    () => ValueReader.List(text),
                    () => ValueReader.Fields("X", text),
                })
            {
                try
                {
                    read();
                }
                catch (FormatException exception)
                {
                    exception.Message.ShouldStartWith("X ");
                }
            }
        });

    [Theory]
    [InlineData("8s")]
    [InlineData("8 sec")]
    [InlineData("8 Seconds")]
    [InlineData("８")]
    [InlineData("8\u200B")]
    [InlineData("8.0")]
    [InlineData("\u00A08")]
    public void A_duration_may_have_a_unit_and_other_digits(string value) => ValueReader.Seconds("Duration", value).ShouldBe(8);

    [Theory]
    [InlineData("16:9")]
    [InlineData("16:09")]
    [InlineData("16 : 9")]
    [InlineData("16\uFF1A9")]
    [InlineData("16x9")]
    [InlineData("16×9")]
    [InlineData("16/9")]
    [InlineData("16 by 9")]
    [InlineData("１６：９")]
    [InlineData("16:9\u200B")]
    public void A_ratio_that_a_spreadsheet_or_a_person_wrote_is_understood(string value) =>
        ValueReader.Ratio("AspectRatio", value).ShouldBe("16:9");

    [Fact]
    public void A_portrait_ratio_and_one_that_no_model_lists_are_kept()
    {
        ValueReader.Ratio("AspectRatio", "09:16").ShouldBe("9:16");
        ValueReader.Ratio("AspectRatio", "21:9").ShouldBe("21:9");
        ValueReader.Ratio("AspectRatio", " ").ShouldBeNull();
    }

    public static TheoryData<object> NotRatios =>
    [
        "16:09:00", "969", "0.67", "0.6729166666666667", "wide", "16:", "0:9", 969, 0.67, new DateTime(2026, 1, 1, 16, 9, 0),
        TimeSpan.FromHours(16),
    ];

    [Theory]
    [MemberData(nameof(NotRatios))]
    public void What_can_be_no_ratio_is_refused_with_the_way_out(object value) =>
        Message(() => ValueReader.Ratio("AspectRatio", value)).ShouldContain("-AdditionalBody @{ aspect_ratio = '...' }");

    [Theory]
    [InlineData("4K")]
    [InlineData("HD")]
    [InlineData("0.67")]
    [InlineData("99999")]
    public void What_can_be_no_resolution_is_refused_with_the_way_out(string value) =>
        Message(() => ValueReader.Resolution("Resolution", value)).ShouldContain("-AdditionalBody @{ resolution = '...' }");

    [Theory]
    [InlineData("7", 7L)]
    [InlineData("-7", -7L)]
    [InlineData("007", "007")]
    [InlineData("true", true)]
    [InlineData("FALSE", false)]
    [InlineData("blurry, low quality", "blurry, low quality")]
    [InlineData("1e5", "1e5")]
    public void A_cell_of_a_body_column_is_a_number_a_truth_value_or_text(string text, object expected) =>
        ValueReader.Scalar(text).ShouldBe(expected);

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("True", true)]
    [InlineData(" false ", false)]
    [InlineData("False", false)]
    [InlineData("tRUE", "tRUE")]
    public void A_truth_value_in_a_cell_has_one_of_the_usual_spellings(string text, object expected) =>
        ValueReader.Scalar(text).ShouldBe(expected);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("9", 9)]
    [InlineData(9, 9)]
    [InlineData("3.0", 3)]
    [InlineData(" ", null)]
    public void A_count_is_a_whole_number_up_to_the_limit(object value, int? expected) =>
        ValueReader.Count("TakeCount", value, 9).ShouldBe(expected);

    [Theory]
    [InlineData("0")]
    [InlineData("10")]
    [InlineData("1.5")]
    [InlineData("many")]
    public void An_invalid_count_is_reported_with_the_limit(string value) =>
        Message(() => ValueReader.Count("TakeCount", value, 9))
            .ShouldBe($"TakeCount '{value}' is not valid. Use a whole number from 1 to 9.");

    [Fact]
    public void Lists_in_lists_are_read_to_the_eighth_level()
    {
        object value = "a";
        for (int level = 0; level < 8; level++)
        {
            value = new[] { value };
        }

        ValueReader.List(value).ShouldBe(["a"]);
        Message(() => ValueReader.List(new[] { value })).ShouldBe("The list is nested too deeply.");
    }

    [Fact]
    public void An_image_in_the_form_of_OpenAI_is_its_address_and_another_object_stays_whole()
    {
        ValueReader.List(new Hashtable { ["url"] = "https://a/1.png" }).ShouldBe(["https://a/1.png"]);
        Hashtable other = new() { ["address"] = "https://a/1.png" };
        ValueReader.List(other).ShouldBe([other]);
    }

    [Theory]
    [InlineData("https://a/1.png https://a/2.png")]
    [InlineData("https://a/1.png, HTTPS://a/2.png")]
    [InlineData("https://a/1.png|http://a/2.png")]
    [InlineData("https://a/1.png\nhttps://a/2.png")]
    public void URLs_may_be_separated_by_anything_usual(string text) => ValueReader.List(text).Count.ShouldBe(2);

    [Fact]
    public void Fields_are_read_from_JSON_in_a_cell()
    {
        ValueReader.Fields("X", """ {"seed":7,"mode":"pro"}""")
            .ShouldBe(new Dictionary<string, object?> { ["seed"] = 7L, ["mode"] = "pro" });
        Message(() => ValueReader.Fields("X", "{seed=7}"))
            .ShouldBe("X is a String, not a hashtable of extra fields. For example: @{ seed = 7 }.");
        Message(() => ValueReader.Fields("X", "{\"x\":\"\ud800\"}"))
            .ShouldBe("X is a String, not a hashtable of extra fields. For example: @{ seed = 7 }.");
    }

    [Fact]
    public void A_quoted_value_has_up_to_60_characters()
    {
        string longest = new('a', 60);
        ValueReader.Quote(longest).ShouldBe($"'{longest}'");
        ValueReader.Quote(longest + "b").ShouldBe($"'{longest}…'");
        ValueReader.Quote(longest[1..] + "🎬").ShouldBe($"'{longest[1..]}…'", "no half of a character");
    }

    [Fact]
    public void A_ratio_or_resolution_that_is_invisible_counts_as_omitted()
    {
        ValueReader.Ratio("X", "\u200B").ShouldBeNull();
        ValueReader.Resolution("X", "\u200B").ShouldBeNull();
    }

    private static string Message(Func<object?> read) => Should.Throw<FormatException>(() => read()).Message;
}
