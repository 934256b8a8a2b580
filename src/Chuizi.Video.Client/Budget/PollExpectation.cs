namespace Chuizi.Video.Client.Budget;

/// <summary>A waiter that will poll, for which submissions leave room until this is disposed. Not thread-safe.</summary>
internal sealed class PollExpectation(RequestBudget budget) : IDisposable
{
    private bool _isLikely;
    private bool _isOver;

    /// <summary>Sets whether the next poll will probably find its job finished, so that nothing is gained by delaying it.</summary>
    public bool IsLikely
    {
        set
        {
            if (value != _isLikely)
            {
                _isLikely = value;
                budget.Expect(0, value ? 1 : -1);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            IsLikely = false;
            _isOver = true;
            budget.Expect(-1, 0);
        }
    }
}
