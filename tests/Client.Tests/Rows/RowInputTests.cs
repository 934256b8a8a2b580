using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class RowInputTests
{
    [Fact]
    public void An_input_is_repeated_for_each_prompt_and_each_model()
    {
        RowInput input = new() { Prompt = "own", Model = "m", Duration = 4 };
        Times([], []).ShouldBe([("own", "m", null)]);
        Times(["a", "b"], []).ShouldBe([("a", "m", null), ("b", "m", null)]);
        Times([], ["x/one"]).ShouldBe([("own", "x/one", null)]);
        Times(["a", "b"], ["x/one", "y/two"])
            .ShouldBe([("a", "x/one", "one"), ("a", "y/two", "two"), ("b", "x/one", "one"), ("b", "y/two", "two")]);

        (object?, object?, string?)[] Times(object?[] prompts, string[] models)
        {
            RowInput[] rows = [.. input.Times(prompts, models)];
            rows.ShouldAllBe(row => Equals(row.Duration, 4));
            return [.. rows.Select(row => (row.Prompt, row.Model, row.Variant))];
        }
    }
}
