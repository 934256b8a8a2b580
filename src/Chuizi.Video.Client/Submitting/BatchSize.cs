namespace Chuizi.Video.Client.Submitting;

/// <summary>What is multiplied to the videos of a call: rows, prompts, models and takes.</summary>
/// <param name="Rows">The number of rows of a list; null without a list.</param>
/// <param name="Prompts">The number of prompts of the command line, if there are several; otherwise 0 or 1.</param>
/// <param name="Models">The number of models of the command line, if there are several; otherwise 0 or 1.</param>
/// <param name="Takes">The number of takes of every row; 0 if the rows differ in it.</param>
internal readonly record struct BatchSize(int? Rows, int Prompts, int Models, int Takes)
{
    /// <summary>Whether there are more videos than rows or prompts, which the user may not have meant.</summary>
    public bool Multiply => Models > 1 || Takes != 1 || (Rows is not null && Prompts > 1);

    /// <summary>The factors to name: what is multiplied, and each one above 1.</summary>
    public IEnumerable<(int Count, string Noun)> Named
    {
        get
        {
            if (Rows is { } rows)
            {
                yield return (rows, "row");
            }

            if (Rows is null || Prompts > 1)
            {
                yield return (Math.Max(1, Prompts), "prompt");
            }

            if (Models > 1)
            {
                yield return (Models, "model");
            }

            if (Takes > 1)
            {
                yield return (Takes, "take");
            }
        }
    }
}
