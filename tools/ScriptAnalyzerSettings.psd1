@{
    Severity     = 'Error', 'Warning'
    ExcludeRules = @(
        # These scripts are run by people and workflows, and report to the console.
        'PSAvoidUsingWriteHost'
        # Their functions are private.
        'PSUseShouldProcessForStateChangingFunctions'
    )
}
