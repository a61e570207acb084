"""How the staff pages write days and times: whoever signs has to know which zone an hour is of."""

DATE_FORMAT = "F j, Y"
DATETIME_FORMAT = "F j, Y, P T"
